import type { Page } from './page.js';

/** Runs something when the browser has nothing better to do, but within two seconds. */
function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 2000 });
  else setTimeout(run, 200);
}

interface Turn {
  href: string;
  /** The user points at it. */
  isUrgent: boolean;
}

/** Automatic prefetches that wait for their turn: each URL once, in idle moments, a few at the same time. */
export class Queue {
  readonly #page: Page;
  readonly #requested = new Set<string>();
  /** What the budget was spent on. */
  readonly #paid = new Set<string>();
  #waiting: Turn[] = [];
  #running = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Queues a URL: behind the others and within the budget, or first when the user points at it. */
  add(href: string, isUrgent: boolean): void {
    const isWaiting = (): boolean => this.#waiting.some((turn) => turn.href === href);
    if (this.#requested.has(href) && !(isUrgent && isWaiting())) return;
    this.#requested.add(href);
    if (isUrgent) {
      this.#waiting = [{ href, isUrgent }, ...this.#waiting.filter((turn) => turn.href !== href)];
    } else this.#waiting.push({ href, isUrgent });
    this.#start();
  }

  /** Resets for another page: a full budget, an empty queue, and no requested URLs. */
  renew(): void {
    this.#requested.clear();
    this.#paid.clear();
    this.#waiting = [];
  }

  #start(): void {
    if (this.#running >= this.#page.options.maxParallel || !this.#waiting.length) return;
    this.#running++;
    whenIdle(async () => {
      const turn = this.#waiting.shift();
      if (turn) await this.#take(turn);
      this.#running--;
      this.#start();
    });
  }

  /** Prefetches one URL; what is skipped, because it is fresh, costs nothing of the budget. */
  async #take({ href, isUrgent }: Turn): Promise<void> {
    if (!isUrgent) {
      if (this.#paid.size >= this.#page.options.maxPrefetches) {
        this.#requested.delete(href);
        return;
      }
      this.#paid.add(href);
    }
    const outcome = await this.#page.prefetch(href).catch((error) => this.#page.warn(`${href}: ${error}`));
    if (outcome === 'skipped') this.#paid.delete(href);
  }
}
