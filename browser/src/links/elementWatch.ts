import type { Watch } from '../core/pageTypes.js';
import type { Page } from './page.js';
import { Visibility } from './visibility.js';

/** Elements to look at, now and when they are added. */
interface Interest {
  selector: string;
  visibility: Visibility;
}

function scan(root: Document | Element, { selector, visibility }: Interest): void {
  if (root instanceof Element && root.matches(selector)) visibility.observe(root);
  for (const element of root.querySelectorAll(selector)) visibility.observe(element);
}

/** Waits for elements to become visible: links, and what `watch` selects; present ones and those added later. */
export class ElementWatch {
  readonly #page: Page;
  readonly #selected: Interest[] = [];
  #links: Interest | undefined;

  constructor(page: Page) {
    this.#page = page;
    new MutationObserver((changes) => this.#see(changes)).observe(document, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['href'],
    });
  }

  /** Calls back for each link that stays visible for the dwell time, and again when its `href` has changed. */
  links(callback: (link: Element) => void): void {
    const visibility = new Visibility(callback, () => this.#page.options.dwellMilliseconds);
    this.#links = { selector: 'a', visibility };
    scan(document, this.#links);
  }

  /** Looks at all links as if for the first time. */
  renewLinks(): void {
    for (const link of document.querySelectorAll('a')) this.#links?.visibility.renew(link);
  }

  /** Calls back once for each element that becomes visible. */
  elements({ selector, callback }: Watch): void {
    const interest = { selector, visibility: new Visibility(callback, () => 0) };
    try {
      scan(document, interest);
      this.#selected.push(interest);
    } catch (error) {
      this.#page.warn(`"${selector}" cannot be watched: ${error}`);
    }
  }

  #see(changes: MutationRecord[]): void {
    const { disabled, attributes = true } = this.#page.options.observe;
    for (const { type, target, addedNodes } of changes) {
      if (type === 'attributes') {
        if (attributes && target instanceof Element && target.matches('a'))
          this.#links?.visibility.renew(target);
        continue;
      }
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (this.#links && !disabled) scan(node, this.#links);
        for (const interest of this.#selected) scan(node, interest);
      }
    }
  }
}
