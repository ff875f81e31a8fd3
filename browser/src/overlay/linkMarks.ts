import { eachTree, LINKS } from '../links/treeWalk.js';
import { type Known, LOOKS, type Mark, markOf } from './marks.js';

const ATTRIBUTE = 'data-prefetch-state';

const RULES = Object.entries(LOOKS)
  .map(
    ([mark, { line, colour }]) =>
      `[${ATTRIBUTE}="${mark}"]{outline:${line} ${colour}!important;outline-offset:2px}`,
  )
  .join('');

/** The URL of a link, without its fragment. */
export const urlOf = (link: Element): string =>
  String((link as HTMLAnchorElement).href ?? '').replace(/#.*/s, '');

/** Outlines each link by the mark of its URL, in shadow roots too. */
export class LinkMarks {
  // A policy of the page may forbid style elements, but not these.
  readonly #sheet = new CSSStyleSheet();
  readonly #roots = new Set<Document | ShadowRoot>();

  constructor() {
    this.#sheet.replaceSync(RULES);
  }

  /** Marks all links, and returns how many different URLs have each mark. */
  update(known: Known): Map<Mark, number> {
    const urls = new Map<string, Mark>();
    eachTree(document, (tree) => {
      const root = tree as Document | ShadowRoot;
      if (!this.#roots.has(root)) {
        this.#roots.add(root);
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet];
      }
      for (const link of root.querySelectorAll(LINKS)) {
        const mark = markOf(urlOf(link), known);
        if (!mark) continue;
        urls.set(urlOf(link), mark);
        if (link.getAttribute(ATTRIBUTE) !== mark) link.setAttribute(ATTRIBUTE, mark);
      }
    });
    const counts = new Map<Mark, number>();
    for (const mark of urls.values()) counts.set(mark, (counts.get(mark) ?? 0) + 1);
    return counts;
  }

  remove(): void {
    for (const root of this.#roots) {
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
      for (const link of root.querySelectorAll(`[${ATTRIBUTE}]`)) link.removeAttribute(ATTRIBUTE);
    }
  }
}
