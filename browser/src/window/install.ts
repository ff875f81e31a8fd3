import { after } from '../core/after.js';
import type { InstallOptions } from '../core/pageTypes.js';
import { currentRules, react, renewLinks, watchLinks } from '../links/index.js';
import { renewBudget } from '../links/queue.js';
import { linkOf } from '../links/treeWalk.js';
import { expectWorker, isNeeded, workerClient } from './client.js';
import { container } from './container.js';
import { details, events, states } from './events.js';
import { forgetFresh } from './fresh.js';
import { isControl } from './group.js';
import { httpCache } from './httpCacheMode.js';
import { loaded } from './loaded.js';
import { warn } from './log.js';
import { forgetMiss, rereadMisses, saveMisses } from './missMemory.js';
import { change, options } from './options.js';
import { parts } from './parts.js';
import { prefetch, prefetchLink } from './prefetch.js';
import { register } from './registration.js';
import { root } from './root.js';
import { makeWay } from './run.js';
import { stats } from './store.js';

/** A first prefetch comes sooner than this after the page has loaded, if there is one. */
const FIRST_PREFETCH_MILLISECONDS = 500;

let started: Promise<void> | undefined;
let isPrefetching = false;

/** Notes that a visitor opens a link. */
function open(event: MouseEvent): void {
  const link = linkOf(event) as HTMLAnchorElement | undefined;
  if (!link) return;
  const url = String(link.href).replace(/#.*/s, '');
  forgetMiss(url);
  const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || /^_(?!self)/.test(link.target);
  if (!event.defaultPrevented && !isElsewhere && url !== location.href.replace(/#.*/s, '')) makeWay(url);
}

/** Watches links and registers the worker, once, unless this visitor is in the control group. */
async function prefetchLinks(): Promise<void> {
  if (isPrefetching || isControl()) return;
  isPrefetching = true;
  watchLinks({
    options,
    prefetch: prefetchLink,
    warn,
    loadReader: async () => (await parts.target()).targetOf,
    loadLikely: async (...given) => (await parts.likely()).loadLikely(root(), ...given),
    loadManifest: async () => {
      const { cacheHost } = options;
      return (await parts.manifest()).loadManifest(cacheHost ? `https://${cacheHost}` : root(), warn);
    },
  });
  // On a first view the page's own files come first, and then the first prefetch, which may be clicked soon.
  if (!container()?.controller) {
    await Promise.race([loaded().then(() => after(FIRST_PREFETCH_MILLISECONDS)), isNeeded]);
  }
  // Where the browser's own cache keeps prefetches, there is no worker.
  if (await httpCache()) return;
  const registering = register(options);
  registering.catch(() => undefined);
  const client = await workerClient();
  void client?.countThisPage();
  await client?.registered(registering);
}

/** What is done once per page, however often `install()` is called. */
async function start(): Promise<void> {
  forgetMiss(location.href);
  // A browser may keep a page whole and show it again, with what it knew, and with the session's storage of then.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    forgetFresh();
    rereadMisses();
  });
  addEventListener('click', open);
  addEventListener('pagehide', () => {
    makeWay();
    saveMisses();
  });
  events.addEventListener('clear', renewBudget);
  // Scripts of the page that follow may change the options.
  if (document.readyState === 'loading')
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));
}

/** Starts what options ask for beside the prefetching of links. */
async function startExtras(changes: InstallOptions): Promise<void> {
  const { overlay, measure, control, prefetchURLs, watch, triggers } = changes;
  if (!(overlay || measure || control || prefetchURLs || watch || triggers?.includes('heading'))) return;
  const extras = await parts.extras();
  const page = {
    options,
    rules: currentRules,
    details,
    events,
    states,
    stats,
    root: root(),
    react,
    prefetch,
    warn,
  };
  await extras.startExtras(changes, page);
}

/** Starts what changed options ask for. */
async function apply(changes: InstallOptions): Promise<void> {
  renewLinks();
  started = (started ?? start()).then(prefetchLinks);
  await startExtras(changes).catch(warn);
  return started;
}

/** Changes options of this page; the others stay as they are. After `install()`, what they ask for starts at once. */
export function configure(changes: InstallOptions): void {
  change(changes);
  if (started) void apply(changes);
}

/**
 * Registers the service worker and starts to prefetch links.
 *
 * Resolves when links are watched and the worker is registered, or has failed with a line on the console; never
 * rejects. A second call takes up its options and starts nothing twice.
 */
export async function install(given: InstallOptions = {}): Promise<void> {
  change(given);
  if (!container()) {
    warn('service workers need HTTPS or localhost, so nothing is prefetched on this page');
    return;
  }
  expectWorker();
  // What `configure()` has been given before counts as well.
  await apply(started ? given : options);
}

export default install;
