import type { Matcher } from '../core/manifest.js';
import type { Trigger, Watch } from '../window/types.js';
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

/** Prefetches the links of a page that patterns or the manifest name, when they are seen or pointed at. */
export class Links {
  readonly #rules: Promise<Matcher>;
  readonly #page: Page;
  readonly #queue: Queue;
  readonly #watch: ElementWatch;

  constructor(page: Page) {
    this.#page = page;
    this.#queue = new Queue(page);
    this.#watch = new ElementWatch(page);
    this.#rules = loadMatcher(page);
    this.#watch.links((link) => this.#consider(link, 'visible'));
    watchIntent((link, trigger) => this.#consider(link, trigger));
  }

  /** Looks at all links again, with changed options; what was asked for stays asked for. */
  renew(): void {
    this.#watch.renewLinks();
  }

  /** Calls back once for each element, present or added later, that becomes visible. */
  watch(entry: Watch): void {
    this.#watch.elements(entry);
  }

  async #consider(link: Element, trigger: Trigger): Promise<void> {
    const { prefetchPatterns, ignorePatterns, triggers } = this.#page.options;
    if (!triggers.includes(trigger) || isConstrained()) return;
    const target = linkTarget(link, ignorePatterns);
    if (target && (matches(target.path, prefetchPatterns) || (await this.#rules)(target))) {
      this.#queue.add(target.href, trigger !== 'visible');
    }
  }
}
