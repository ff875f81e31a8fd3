import type { Matcher } from '../core/manifest.js';
import type { Trigger, Watch } from '../core/pageTypes.js';
import { ElementWatch } from './elementWatch.js';
import { watchIntent } from './intent.js';
import { linkTarget, matches } from './linkTarget.js';
import { loadMatcher } from './loadMatcher.js';
import type { Page } from './page.js';
import { Queue } from './queue.js';

/** Whether the user asks for little data, or has a slow connection. */
function isConstrained(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean; effectiveType?: string } };
  return Boolean(connection?.saveData || /2g/.test(connection?.effectiveType ?? ''));
}

/** The address of this page, without its fragment. */
const address = (): string => location.href.replace(/#.*/s, '');

/** Prefetches the links of a page that patterns or the manifest name, when they are seen or pointed at. */
export class Links {
  readonly #rules: Promise<Matcher>;
  readonly #page: Page;
  readonly #queue: Queue;
  readonly #watch: ElementWatch;
  #address = address();

  constructor(page: Page) {
    this.#page = page;
    this.#queue = new Queue(page);
    this.#watch = new ElementWatch(page);
    this.#rules = loadMatcher(page);
    this.#watch.links((link) => this.#consider(link, 'visible'));
    watchIntent((link, trigger) => this.#consider(link, trigger));
    const { navigation } = globalThis as { navigation?: EventTarget };
    navigation?.addEventListener('currententrychange', () => this.#checkAddress());
    addEventListener('popstate', () => this.#checkAddress());
    // A page that the browser has kept whole and shows again: meanwhile others were opened.
    addEventListener('pageshow', ({ persisted }) => persisted && this.#startAnew());
  }

  /** Checks all links again, with changed options; started prefetches are not repeated. */
  renew(): void {
    this.#watch.renewLinks();
  }

  /** Allows all prefetches again, because the store was emptied; visible links wait for the next URL. */
  forget(): void {
    this.#queue.renew();
  }

  /** Calls back once for each element, present or added later, that becomes visible. */
  watch(entry: Watch): void {
    this.#watch.elements(entry);
  }

  /** Starts anew at another address: a single-page app shows many pages in one document. */
  #checkAddress(): void {
    if (this.#address === address()) return;
    this.#address = address();
    this.#startAnew();
  }

  #startAnew(): void {
    this.#queue.renew();
    this.#watch.renewLinks();
  }

  async #consider(link: Element, trigger: Trigger): Promise<void> {
    // Without the Navigation API there is no event when a script changes the URL, so it is polled.
    this.#checkAddress();
    const { prefetchPatterns, ignorePatterns, triggers } = this.#page.options;
    if (!triggers.includes(trigger) || isConstrained()) return;
    const target = linkTarget(link, ignorePatterns);
    if (target && (matches(target.path, prefetchPatterns) || (await this.#rules)(target))) {
      this.#queue.add(target.href, trigger !== 'visible');
    }
  }
}
