import type { Page } from './page.js';

/** Runs something when the browser has nothing better to do, but within two seconds. */
function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 2000 });
  else setTimeout(run, 200);
}

/** Automatic prefetches that wait for their turn: each URL once, in idle moments, a few at the same time. */
export class Queue {
  readonly #page: Page;
  readonly #asked = new Set<string>();
  #waiting: string[] = [];
  #budgetUsed = 0;
  #running = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Queues a URL: behind the others and within the budget, or first when the user points at it. */
  add(href: string, isUrgent: boolean): void {
    const isWaiting = this.#waiting.includes(href);
    if (isWaiting && isUrgent) this.#waiting = [href, ...this.#waiting.filter((other) => other !== href)];
    if (this.#asked.has(href)) return;
    if (!isUrgent && this.#budgetUsed >= this.#page.options.maxPrefetches) return;
    this.#asked.add(href);
    if (isUrgent) this.#waiting.unshift(href);
    else {
      this.#budgetUsed++;
      this.#waiting.push(href);
    }
    this.#start();
  }

  /** Starts anew for another page: with its whole budget, nothing that waits, and nothing asked for. */
  renew(): void {
    this.#asked.clear();
    this.#waiting = [];
    this.#budgetUsed = 0;
  }

  #start(): void {
    if (this.#running >= this.#page.options.maxParallel || !this.#waiting.length) return;
    this.#running++;
    whenIdle(async () => {
      const next = this.#waiting.shift();
      if (next) await this.#page.prefetch(next).catch((error) => this.#page.warn(`${next}: ${error}`));
      this.#running--;
      this.#start();
    });
  }
}
