import { type Segments, segmentsOf } from './segments.js';

interface Filed<Rule> {
  position: number;
  rule: Rule;
}

class Node<Rule> {
  readonly filed: Filed<Rule>[] = [];
  readonly next = new Map<string | null, Node<Rule>>();
}

/** Finds the rules that can apply to a path without asking each of them: a trie of path segments. */
export class RuleIndex<Rule> {
  readonly #root = new Node<Rule>();
  #size = 0;

  /** Files the next rule under each of the starts that its paths can have. */
  add(rule: Rule, starts: Segments[]): void {
    const position = this.#size++;
    for (const start of starts) {
      let node = this.#root;
      for (const segment of start) {
        const next = node.next.get(segment) ?? new Node();
        node.next.set(segment, next);
        node = next;
      }
      node.filed.push({ position, rule });
    }
  }

  /** The rules that can apply to a path, in the order in which they were added. */
  candidates(path: string): Rule[] {
    const segments = segmentsOf(path);
    const found: Filed<Rule>[] = [];
    const visit = (node: Node<Rule> | undefined, depth: number): void => {
      if (!node) return;
      found.push(...node.filed);
      if (depth === segments.length) return;
      visit(node.next.get(segments[depth] as string), depth + 1);
      visit(node.next.get(null), depth + 1);
    };
    visit(this.#root, 0);
    return found.sort((a, b) => a.position - b.position).map(({ rule }) => rule);
  }
}
