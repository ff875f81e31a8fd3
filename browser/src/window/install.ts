import type { InstallOptions } from '../core/pageTypes.js';
import type { Links } from '../links/index.js';
import { counters, events, states } from './events.js';
import { forgetFresh } from './fresh.js';
import { warn } from './log.js';
import { countThisPage, listenToWorker, stats } from './messages.js';
import { forgetMiss } from './missMemory.js';
import { configure, options } from './options.js';
import { prefetch } from './prefetch.js';
import { container, register } from './serviceWorker.js';

let registered: Promise<void> | undefined;
let links: Promise<Links | undefined> | undefined;
let hasOverlay = false;

/** What is done once per page, however often `install()` is called. */
function start(): Promise<void> {
  listenToWorker(prefetch);
  countThisPage();
  forgetMiss(location.href);
  // A browser may keep a page whole and show it again, with what it knew, and with the session's storage of then.
  addEventListener('pageshow', ({ persisted }) => persisted && forgetFresh());
  addEventListener('click', ({ target }) => {
    const link = target instanceof Element && target.closest('a');
    if (link) forgetMiss(String(link.href));
  });
  return register();
}

async function showOverlay(): Promise<void> {
  try {
    const { showOverlay } = await import('./overlay.js');
    showOverlay({ counters, events, states, stats });
  } catch (error) {
    warn(`the overlay cannot be shown: ${error}`);
  }
}

async function watchLinks(): Promise<Links | undefined> {
  try {
    const { Links } = await import('./lazy.js');
    const watching = new Links({ options, prefetch, warn });
    events.addEventListener('clear', () => watching.forget());
    return watching;
  } catch (error) {
    warn(`links are not watched: ${error}`);
    return undefined;
  }
}

/**
 * Registers the service worker and starts to prefetch links.
 *
 * Resolves when links are watched and the worker is registered, or has failed with a line on the console; never
 * rejects. A second call takes up its options and starts nothing twice.
 */
export async function install(given: InstallOptions = {}): Promise<void> {
  configure(given);
  if (!container()) {
    warn('service workers need HTTPS or localhost, so nothing is prefetched on this page');
    return;
  }
  registered ??= start();
  if (options.overlay && !hasOverlay) {
    hasOverlay = true;
    void showOverlay();
  }
  for (const url of given.prefetchURLs ?? []) prefetch(url).catch((error) => warn(`${url}: ${error}`));

  const isAgain = links !== undefined;
  links ??= watchLinks();
  const watching = await links;
  if (isAgain) watching?.renew();
  for (const entry of given.watch ?? []) watching?.watch(entry);
  await registered;
}

export default install;
