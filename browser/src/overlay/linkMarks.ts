import { eachTree, LINKS } from '../links/treeWalk.js';
import type { LearnedLinks } from './learnedLinks.js';
import { type Known, LOOKS, type Mark, markOf } from './marks.js';

const ATTRIBUTE = 'data-prefetch-state';
const LIKELY = 'data-prefetch-likely';

const RULES = Object.entries(LOOKS)
  .map(
    ([mark, { line, colour }]) =>
      `[${ATTRIBUTE}="${mark}"]{outline:${line} ${colour}!important;outline-offset:2px}`,
  )
  .concat(
    `[${LIKELY}]::after{content:attr(${LIKELY});position:absolute;font:10px/1 system-ui,sans-serif;padding:1px 3px;` +
      'border-radius:3px;color:#fff;background:#1d2026;pointer-events:none;text-decoration:none}',
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

  /** Marks all links, with how likely each is opened, and returns how many different URLs have each mark. */
  update(known: Known, learned: LearnedLinks): Map<Mark, number> {
    const urls = new Map<string, Mark>();
    eachTree(document, (tree) => {
      const root = tree as Document | ShadowRoot;
      if (!this.#roots.has(root)) {
        this.#roots.add(root);
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, this.#sheet];
      }
      for (const link of root.querySelectorAll(LINKS)) {
        const url = urlOf(link);
        const likely = learned.percent(url);
        if (link.getAttribute(LIKELY) !== likely) {
          if (likely) link.setAttribute(LIKELY, likely);
          else link.removeAttribute(LIKELY);
        }
        const mark = markOf(url, known);
        if (!mark) continue;
        urls.set(url, mark);
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
      for (const name of [ATTRIBUTE, LIKELY])
        for (const link of root.querySelectorAll(`[${name}]`)) link.removeAttribute(name);
    }
  }
}
