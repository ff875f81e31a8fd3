/** Prefetches without a service worker, into the browser's own cache; a separate file, loaded when that is wanted. */
import { workerCacheHeader } from '../core/names.js';
import { removeWorker } from '../core/removeWorker.js';
import type { KeepInCache } from './wanted.js';

/**
 * Whether the browser's cache follows `No-Vary-Search`: then it finds this file, which is cached for ever, under another
 * query too. No request is made for that.
 */
async function followsNoVarySearch(): Promise<boolean> {
  const init: RequestInit = { cache: 'only-if-cached', mode: 'same-origin' };
  try {
    return (await fetch(`${import.meta.url}?${Math.random()}`, init)).ok;
  } catch {
    return false;
  }
}

/** The edge says by its headers whether the cache may use the response for a click. */
const keepInCache: KeepInCache = async (sent) => {
  const { response, body } = sent();
  const { status, headers } = await response;
  await body;
  if (status !== 200) return { event: 'refused', reason: `status ${status}`, status };
  if (!headers.has('no-vary-search'))
    return { event: 'refused', reason: 'not for the cache of a browser', status };
  const seconds = Number.parseInt(headers.get(workerCacheHeader)?.replace('max-age=', '') ?? '', 10);
  return { event: 'prefetch', status, expires: Date.now() + seconds * 1000 };
};

/**
 * Chooses what prefetches: undefined for the service worker.
 *
 * @param isStrict Whether to do without a worker even where the browser's cache cannot do it.
 */
export async function choose(
  isStrict: boolean,
  warn: (problem: string) => void,
): Promise<KeepInCache | undefined> {
  const canDo = await followsNoVarySearch();
  if (!canDo && !isStrict) return undefined;
  await removeWorker().catch((error) => warn(`the service worker cannot be removed: ${error}`));
  if (canDo) return keepInCache;
  warn(
    'data-worker="never": the cache of this browser does not follow No-Vary-Search, so nothing is prefetched',
  );
  return async () => ({ event: 'refused', reason: 'no worker, and no cache for it' });
}
