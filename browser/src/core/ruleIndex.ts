import { type Segments, segmentsOf } from './segments.js';

interface Filed<Rule> {
  position: number;
  rule: Rule;
}

interface Node<Rule> {
  filed: Filed<Rule>[];
  next?: Map<string | null, Node<Rule>>;
}

function step<Rule>(node: Node<Rule>, segment: string | null): Node<Rule> {
  node.next ??= new Map();
  let next = node.next.get(segment);
  if (!next) {
    next = { filed: [] };
    node.next.set(segment, next);
  }
  return next;
}

/** Finds the rules that can apply to a path without asking each of them: a trie of path segments. */
export class RuleIndex<Rule> {
  readonly #root: Node<Rule> = { filed: [] };
  #size = 0;

  /** Files the next rule under each of the starts that its paths can have. */
  add(rule: Rule, starts: Segments[]): void {
    const filed = { position: this.#size++, rule };
    for (const start of starts) {
      let node = this.#root;
      let depth = start.length;
      while (depth && start[depth - 1] === null) depth--;
      for (let at = 0; at < depth; at++) node = step(node, start[at] as string | null);
      node.filed.push(filed);
    }
  }

  /** The rules that can apply to a path, in the order in which they were added. */
  candidates(path: string): Rule[] {
    const segments = segmentsOf(path);
    const found: Filed<Rule>[] = [];
    const visit = (node: Node<Rule> | undefined, depth: number): void => {
      if (!node) return;
      for (const filed of node.filed) found.push(filed);
      if (depth === segments.length || !node.next) return;
      visit(node.next.get(segments[depth] as string), depth + 1);
      visit(node.next.get(null), depth + 1);
    };
    visit(this.#root, 0);
    return found.sort((a, b) => a.position - b.position).map(({ rule }) => rule);
  }
}
