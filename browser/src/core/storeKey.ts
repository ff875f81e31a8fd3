import { browserCacheParameter, cachedOnlyParameter, maxAgeParameter, prefetchParameter } from './names.js';

const PARAMETERS = [prefetchParameter, cachedOnlyParameter, maxAgeParameter, browserCacheParameter];
const OWN = new RegExp(`^(${PARAMETERS.join('|')})(=|$)`);

/** A URL without its fragment and without our own parameters; nothing else is changed, ordered or decoded. */
export function withoutOwn(href: string): string {
  const [address = ''] = href.split('#', 1);
  const start = address.indexOf('?');
  if (start < 0) return address;
  const given = address.slice(start + 1).split('&');
  const kept = given.filter((parameter) => !OWN.test(parameter));
  return address.slice(0, start) + (kept.length ? `?${kept.join('&')}` : '');
}

/**
 * The key under which a response is stored: its URL on the page's host, without our parameters.
 *
 * @param origin Origin of the page.
 * @param cacheHost Host name of the CDN whose URLs are equivalent to those of the page's origin.
 */
export function storeKey(href: string, origin: string, cacheHost?: string): string {
  const key = withoutOwn(href);
  const url = new URL(key);
  return url.host === cacheHost ? origin + key.slice(url.origin.length) : key;
}
