import { changed, type Fields, get, trim } from './fields.ts';
import { splitClientParameters } from './target.ts';

/** Whether a request is a prefetch that only the cache may answer (E5). */
export const isCachedOnly = (query: string): boolean =>
  query.includes('edgio_prefetch=1') && query.split('&').includes('edgio_prefetch=1');

/** Whether a request is a prefetch by this project's scripts, by the cache alone or not. */
export const isPrefetch = (query: string): boolean =>
  isCachedOnly(query) || (query.includes('edgio_dt_pf=1') && query.split('&').includes('edgio_dt_pf=1'));

/** Whether a prefetch is for the browser's own cache (E39). */
export const isForBrowserCache = (query: string): boolean =>
  query.split('&').includes('edgio_prefetch_http=1');

const ANNOUNCING = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/** Whether a request announces a prefetch that is not by this project's scripts (E32). */
export function isForeignPrefetch(headers: Fields, query: string): boolean {
  if (!ANNOUNCING.some((name) => headers.has(name)) || splitClientParameters(query)[1]) return false;
  const purposes = (headers.get('sec-purpose') ?? []).flatMap((text) => text.split(','));
  return (
    purposes.some((member) => trim(member.split(';')[0] ?? '').toLowerCase() === 'prefetch') ||
    ANNOUNCING.slice(1).some((name) => /^(?:prefetch|preview)$/i.test(trim(get(headers, name) ?? '')))
  );
}

/** Whether a browser that gets this status for a prefetch would have no page, or only a part of one (E33). */
export function showsNoPage(status: number, headers: Fields): boolean {
  if (status === 206) return !headers.has('range');
  if (status === 304) return !headers.has('if-none-match') && !headers.has('if-modified-since');
  return status === 204 || status === 205;
}

/** The headers for a status: a 412 means a refused prefetch, which no client may store (E7). */
export const headersFor = (status: number, headers: Fields): Fields =>
  status === 412 ? changed(headers, { 'x-sw-cache-control': null }) : headers;
