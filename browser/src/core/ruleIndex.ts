import { eachStart } from './starts.js';

/** A rule as far as finding it goes. */
export interface Startable {
  /** A path must have one of these starts for the rule to apply. */
  starts: string[];
}

interface Filed<Rule> {
  position: number;
  rule: Rule;
}

/** Finds the rules that can apply to a path without asking each of them. */
export class RuleIndex<Rule extends Startable> {
  readonly #filed = new Map<string, Filed<Rule>[]>();

  constructor(rules: Rule[]) {
    rules.forEach((rule, position) => {
      for (const start of rule.starts) {
        const known = this.#filed.get(start);
        if (known) known.push({ position, rule });
        else this.#filed.set(start, [{ position, rule }]);
      }
    });
  }

  /** The rules that can apply to a path, in their order. */
  candidates(path: string): Rule[] {
    const found: Filed<Rule>[] = [];
    eachStart(path, (start) => {
      const filed = this.#filed.get(start);
      if (filed) found.push(...filed);
    });
    return found.sort((a, b) => a.position - b.position).map(({ rule }) => rule);
  }
}
