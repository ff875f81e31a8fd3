import { changed, type Fields, get } from '../http/fields.ts';
import { optional } from '../optional.ts';
import type { Context } from './context.ts';
import type { Leaf, Merged } from './merged.ts';

/** The headers of the request to the origin: the client's, as the rules change them. */
export function requestHeaders(context: Context, given: Fields, leaves: readonly Leaf[]): Fields {
  const headers: Fields = new Map([['host', [context.request.host]]]);
  for (const name of given.keys()) headers.set(name, [get(given, name) ?? '']);
  for (const leaf of leaves) if (leaf.changesRequest) optional.changeRequest(headers, leaf, context);
  return headers;
}

/** The headers with which a response is stored: the origin's, as the rules on those change them. */
export function storedHeaders(context: Context, leaves: readonly Leaf[], origin: Fields): Fields {
  const own = leaves.filter((leaf) => leaf.changesStored);
  if (!own.length) return origin;
  const headers: Fields = new Map(origin);
  for (const leaf of own) optional.changeHeaders(headers, leaf, context, 'origin_');
  return headers;
}

/** The headers that a client sees with a response that was stored as given. */
export function clientHeaders(context: Context, merged: Merged, stored: Fields, location?: string): Fields {
  const headers: Fields = new Map(stored);
  if (merged.hasClientCaching) optional.clientCaching(headers, merged);
  const lifetime = merged.get<number>('caching.service_worker_max_age');
  if (lifetime !== undefined) headers.set('x-sw-cache-control', [`max-age=${lifetime}`]);
  for (const leaf of merged.leaves)
    if (leaf.changesResponse) optional.changeHeaders(headers, leaf, context, '');
  return location === undefined ? headers : changed(headers, { location });
}
