/** Reads the calls of `prefetch()`; a separate file, loaded with the first one. */
import { given } from '../core/given.js';
import type { Options } from '../core/pageTypes.js';
import { prefetchUrl } from '../core/prefetchUrl.js';
import { storeKey } from '../core/storeKey.js';
import type { PrefetchAs, PrefetchConfiguration } from '../core/types.js';
import type { Wanted } from './wanted.js';

const MAX_URL_BYTES = 8192;

/** What a browser accepts for images, as origins may choose their format by it. */
const IMAGES = 'image/avif,image/webp,image/*,*/*;q=0.8';

/** A call that asks for nothing that can be fetched. */
export interface Refusal {
  key: string;
  refused: string;
}

/**
 * What a call of `prefetch()` asks for, or undefined if it names no URL.
 *
 * Throws a TypeError for a URL that cannot be read.
 */
export function prepare(
  url: string | URL,
  as: PrefetchAs,
  config: PrefetchConfiguration | null | undefined,
  options: Options,
  warn: (problem: string) => void,
): Wanted | Refusal | undefined {
  if (!url) {
    console.error('prefetch: no URL given');
    return undefined;
  }
  const target = new URL(url, document.baseURI);
  const settings = { ...options, cors: 'anonymous' as const, ...given(config) };
  if ('headers' in settings) warn('prefetches carry no headers; "headers" is left out');
  const cachedOnly = !settings.includeCacheMisses && Math.random() >= settings.forcePrefetchRatio;
  const href = prefetchUrl(target, { ...settings, hostname: location.hostname, cachedOnly });
  const key = storeKey(href, location.origin, settings.cacheHost);
  if (!/^https?:/.test(href)) return { key, refused: 'not an HTTP URL' };
  if (href.length > MAX_URL_BYTES) {
    warn(`a URL of more than ${MAX_URL_BYTES} bytes is not prefetched: ${href.slice(0, 80)}...`);
    return { key, refused: 'too long' };
  }
  const { origin, host } = new URL(href);
  return {
    href,
    key,
    as,
    cors: settings.cors,
    cachedOnly,
    isForeign: origin !== location.origin && host !== settings.cacheHost,
    init: {
      mode: settings.cors ? 'cors' : 'no-cors',
      credentials: settings.cors === 'anonymous' ? 'same-origin' : 'include',
      ...(as === 'image' && { headers: { accept: IMAGES } }),
    },
    seconds: Number(settings.maxAgeSeconds) || undefined,
  };
}
