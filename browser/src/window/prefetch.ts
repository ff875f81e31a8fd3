import { cachedOnlyParameter, prefetchParameter } from '../core/names.js';
import type { PrefetchAs, PrefetchConfiguration, PrefetchOutcome } from '../core/types.js';
import { serveWorker } from './client.js';
import { container } from './container.js';
import { warn } from './log.js';
import { options } from './options.js';
import { parts } from './parts.js';
import { refuse, run } from './run.js';

/**
 * Prefetches one URL; relative URLs resolve as those of links do.
 *
 * Resolves with how it ended, when it has. A URL that is under way is joined, one that is fresh is skipped.
 * Rejects with a TypeError for a URL that cannot be read.
 *
 * @param as What the response will be used as.
 * @param config How to fetch it; it is not changed.
 */
export async function prefetch(
  url: string | URL,
  as: PrefetchAs = 'fetch',
  config?: PrefetchConfiguration | null,
): Promise<PrefetchOutcome> {
  const { prepare } = await parts.prepare();
  const wanted = prepare(url, as, config, options, warn);
  if (!wanted) return 'skipped';
  if ('refused' in wanted) return refuse(wanted.key, wanted.refused);
  if (container()) return run(wanted);
  warn('service workers need HTTPS or localhost, so nothing is prefetched on this page');
  return refuse(wanted.key, 'no service workers here');
}

/**
 * Prefetches what a link leads to.
 *
 * @param key The URL, without a fragment.
 * @param onLoaded Called when the response is here, which may be before the outcome is known.
 */
export async function prefetchLink(key: string, onLoaded?: () => void): Promise<PrefetchOutcome> {
  const { includeCacheMisses, forcePrefetchRatio, cacheHost } = options;
  if (!key.startsWith(`${location.origin}/`)) {
    return run({ href: key, key, as: 'document', cors: false, cachedOnly: false, isForeign: true });
  }
  if (cacheHost) return prefetch(key);
  const cachedOnly = !includeCacheMisses && Math.random() >= forcePrefetchRatio;
  const marks = `${prefetchParameter}=1${cachedOnly ? `&${cachedOnlyParameter}=1` : ''}`;
  const href = key + (key.includes('?') ? '&' : '?') + marks;
  return run({ href, key, as: 'fetch', cors: 'anonymous', cachedOnly }, onLoaded);
}

serveWorker(prefetch);
