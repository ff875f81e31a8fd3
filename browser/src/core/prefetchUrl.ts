import {
  bodyParameter,
  cachedOnlyParameter,
  maxAgeParameter,
  methodParameter,
  prefetchParameter,
} from './names.js';
import type { PrefetchConfiguration } from './types.js';

/** What decides how a URL is marked. */
export interface Marking extends Pick<PrefetchConfiguration, 'maxAgeSeconds' | 'method' | 'body'> {
  /** Host name of the page. */
  hostname: string;
  cacheHost?: string | undefined;
  /** Whether the edge may answer only from its cache. */
  cachedOnly: boolean;
}

/**
 * The address to request for a prefetch of `url`: without its fragment, with our parameters at the end.
 *
 * Text that is already in the query is left as it is.
 */
export function prefetchUrl(url: URL, marking: Marking): string {
  const target = new URL(url);
  target.hash = '';
  const parameters: [string, unknown][] = [];
  if (url.hostname === marking.hostname) {
    if (marking.cacheHost) {
      target.protocol = 'https:';
      target.port = '';
      target.host = marking.cacheHost;
    }
    parameters.push([prefetchParameter, 1]);
    if (marking.cachedOnly) parameters.push([cachedOnlyParameter, 1]);
  }
  const { body, maxAgeSeconds } = marking;
  const method = marking.method?.toLowerCase();
  if (body) parameters.push([bodyParameter, body]);
  if (method && method !== 'get') parameters.push([methodParameter, method]);
  if (Number(maxAgeSeconds) > 0) parameters.push([maxAgeParameter, maxAgeSeconds]);
  const added = parameters.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  const href = target.href.replace('#', '');
  if (!added) return href;
  return href + (/[?&]$/.test(href) ? '' : href.includes('?') ? '&' : '?') + added;
}
