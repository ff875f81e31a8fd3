/** Automatic prefetches: each URL once, in idle moments, a few at the same time, within a budget. */
import type { Page } from './page.js';

/** After this many milliseconds at a stretch the page gets its turn. */
const SLICE_MILLISECONDS = 5;

/** For each prefetch that the budget allows, this many may bring nothing. */
const TRIES = 3;

let requested = new Set<string>();
/** What this page's budget was spent on, or soon will be. */
let spent = { prefetches: 0, tries: 0 };
let running = 0;
let isWaiting = false;

/** Runs something when the browser has nothing better to do, but within two seconds. */
function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 2000 });
  else setTimeout(run, 200);
}

function mayStart({ options: { maxParallel, maxPrefetches } }: Page): boolean {
  return running < maxParallel && spent.prefetches < maxPrefetches && spent.tries < maxPrefetches * TRIES;
}

const send = ({ prefetch, warn }: Page, href: string, onLoaded?: () => void): Promise<unknown> =>
  prefetch(href, onLoaded).catch((error) => warn(`${href}: ${error}`));

async function spend(page: Page, href: string, next: () => string | undefined): Promise<void> {
  const budget = spent;
  let isRunning = true;
  const done = (): void => {
    if (isRunning) running--;
    isRunning = false;
    prefetchVisible(page, next);
  };
  requested.add(href);
  running++;
  budget.prefetches++;
  budget.tries++;
  const outcome = await send(page, href, done);
  // What is there already costs nothing, and what the edge has not costs a try.
  if (outcome !== 'prefetched') budget.prefetches--;
  if (outcome === 'skipped') budget.tries--;
  done();
}

/**
 * Prefetches what there is, as far as slots and budget go; called again when there may be more.
 *
 * @param next Returns the next URL; empty for a link without one to prefetch, undefined if there are no more links.
 */
export function prefetchVisible(page: Page, next: () => string | undefined): void {
  if (isWaiting || !mayStart(page)) return;
  isWaiting = true;
  whenIdle(() => {
    isWaiting = false;
    const end = performance.now() + SLICE_MILLISECONDS;
    while (mayStart(page)) {
      const href = next();
      if (href === undefined) return;
      if (href && !requested.has(href)) void spend(page, href, next);
      if (performance.now() > end) return prefetchVisible(page, next);
    }
  });
}

/** Prefetches what the visitor points at: at once, besides slots and budget, and again after a failure. */
export function prefetchUrgently(page: Page, href: string): void {
  requested.add(href);
  void send(page, href);
}

/** Resets for another page: a full budget, and no requested URLs. */
export function renewBudget(): void {
  requested = new Set();
  spent = { prefetches: 0, tries: 0 };
}
