import { given } from '../core/given.js';
import { prefetchUrl } from '../core/prefetchUrl.js';
import { storeKey } from '../core/storeKey.js';
import type { PrefetchAs, PrefetchConfiguration, PrefetchOutcome } from '../core/types.js';
import { emit, recall } from './events.js';
import { freshUntil } from './fresh.js';
import { warn } from './log.js';
import { listenToWorker } from './messages.js';
import { isMissed, rememberMiss } from './missMemory.js';
import { options } from './options.js';
import { pastWorker, type Result, throughWorker } from './request.js';
import { container } from './serviceWorker.js';

const MAX_URL_BYTES = 8192;
const DEFAULT_FRESH_MILLISECONDS = 120_000;

const underWay = new Map<string, Promise<PrefetchOutcome>>();

function refuse(url: string, reason: string, status?: number): PrefetchOutcome {
  emit('refused', { url, reason, status });
  return 'refused';
}

function settle(
  key: string,
  { event, reason, status, expires, isUsed }: Result,
  seconds: number | undefined,
): PrefetchOutcome {
  underWay.delete(key);
  if (event === 'refused') {
    if (status === 412) rememberMiss(key);
    return refuse(key, reason ?? 'refused', status);
  }
  const lifetime = Number(seconds) > 0 ? Number(seconds) * 1000 : DEFAULT_FRESH_MILLISECONDS;
  freshUntil.set(key, expires ?? Date.now() + lifetime);
  if (event !== 'prefetch') {
    recall(key, isUsed ? 'hit' : 'prefetch');
    return 'skipped';
  }
  emit('prefetch', { url: key, status });
  return 'prefetched';
}

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
  if (!url) {
    console.error('prefetch: no URL given');
    return 'skipped';
  }
  const target = new URL(url, document.baseURI);
  const settings = { ...options, cors: 'anonymous' as const, ...given(config) };
  if ('headers' in settings) warn('prefetches carry no headers; "headers" is left out');

  const cachedOnly = !settings.includeCacheMisses && Math.random() >= settings.forcePrefetchRatio;
  const href = prefetchUrl(target, { ...settings, hostname: location.hostname, cachedOnly });
  const key = storeKey(href, location.origin, settings.cacheHost);
  if (!/^https?:/.test(href)) return refuse(key, 'not an HTTP URL');
  if (href.length > MAX_URL_BYTES) {
    warn(`a URL of more than ${MAX_URL_BYTES} bytes is not prefetched: ${href.slice(0, 80)}...`);
    return refuse(key, 'too long');
  }
  if (!container()) {
    warn('service workers need HTTPS or localhost, so nothing is prefetched on this page');
    return refuse(key, 'no service workers here');
  }
  // An app that registers its worker itself may never call install().
  listenToWorker(prefetch);
  const running = underWay.get(key);
  if (running) return running;
  if ((freshUntil.get(key) ?? 0) > Date.now()) return 'skipped';
  if (cachedOnly && isMissed(key)) {
    recall(key, 'refused');
    return 'skipped';
  }

  const { origin, host } = new URL(href);
  const isOurs = origin === location.origin || host === settings.cacheHost;
  const result = isOurs ? throughWorker(href, key, as, settings.cors) : pastWorker(href, as, settings.cors);
  const outcome = result
    .catch((error): Result => ({ event: 'refused', reason: String(error) }))
    .then((known) => settle(key, known, settings.maxAgeSeconds));
  underWay.set(key, outcome);
  return outcome;
}
