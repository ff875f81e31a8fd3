import { ownPathPrefix, rulesGlobal } from '../core/names.js';
import { warn } from './log.js';
import { options } from './options.js';
import { parts } from './parts.js';
import type { KeepInCache } from './wanted.js';

type Rules = { [rulesGlobal]?: { needsWorker?: boolean } };

let chosen: Promise<KeepInCache | undefined> | undefined;

/** Whether a worker has to be there: the site's own, for another host, or for pages that browsers may not keep. */
function needsWorker(): boolean {
  // Where the rules are not in front of the script, nothing is known of the pages.
  const { needsWorker: byRules = true } = (globalThis as Rules)[rulesGlobal] ?? {};
  return byRules || Boolean(options.cacheHost) || !options.serviceWorkerPath.includes(ownPathPrefix);
}

/** What keeps prefetches without a service worker, or undefined if the worker does it. */
export function httpCache(): Promise<KeepInCache | undefined> | undefined {
  const { worker = 'always' } = options;
  if (worker === 'always' || (worker === 'auto' && needsWorker())) return undefined;
  chosen ??= parts.httpCache().then(({ choose }) => choose(worker === 'never', warn));
  return chosen;
}
