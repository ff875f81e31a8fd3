import { dateText, httpDate } from '../http/dates.ts';
import { changed, type Fields, get, trim } from '../http/fields.ts';
import { asBrowsersWrite } from '../http/target.ts';
import type { Context } from './context.ts';
import type { Template } from './data.ts';
import type { Leaf, Merged } from './merged.ts';
import { reader } from './readings.ts';
import { expand } from './templates.ts';

/** The text of a header: with variables filled in, or what a variable of conditions holds. */
function textOf(value: unknown, context: Context, headers?: Fields): string {
  if (typeof value === 'string') return value;
  const own = headers && new Map([...headers].filter(([, texts]) => texts.length));
  const seen = own && context.withResponse({ status: context.response?.status ?? 0, headers: own });
  return expand(value as Template, (reading) => {
    const isOfResponse = seen && typeof reading === 'string' && reading.startsWith('response-header-like ');
    return reader(reading)(isOfResponse ? seen : context);
  });
}

function set(headers: Fields, name: string, text: string): void {
  if (name.startsWith('+')) {
    const own = headers.get(name.slice(1)) ?? [''];
    headers.set(name.slice(1), [...own.slice(0, -1), `${own.at(-1) ?? ''}${text}`]);
  } else if (text) headers.set(name, [text]);
  else headers.delete(name);
}

/** The headers of the request to the origin: the client's, as the rules change them. */
export function requestHeaders(context: Context, given: Fields, leaves: readonly Leaf[]): Fields {
  const headers: Fields = new Map([['host', [context.request.host]]]);
  for (const name of given.keys()) headers.set(name, [get(given, name) ?? '']);
  for (const { changes } of leaves) {
    for (const [name, value] of changes.set_request_headers ?? []) set(headers, name, textOf(value, context));
    for (const [name, value] of changes.set_client_ip_custom_header ?? [])
      set(headers, name, textOf(value, context));
  }
  return headers;
}

/** Remove, then set, then add, as one rule says. */
function apply(headers: Fields, { changes }: Leaf, context: Context, whose: string): void {
  for (const [name] of changes[`remove_${whose}response_headers`] ?? []) headers.delete(name);
  for (const [name, value] of changes[`set_${whose}response_headers`] ?? []) {
    const text = textOf(value, context, headers);
    set(headers, name, name === 'location' ? asBrowsersWrite(text) : text);
  }
  for (const [written, value] of changes[`add_${whose}response_headers`] ?? []) {
    const name = written.replace(/^\+/, '');
    headers.set(name, [...(headers.get(name) ?? []), textOf(value, context, headers)]);
  }
}

/** The headers with which a response is stored: the origin's, as the rules on those change them. */
export function storedHeaders(context: Context, leaves: readonly Leaf[], origin: Fields): Fields {
  const own = leaves.filter(({ changes }) =>
    Object.keys(changes).some((key) => key.endsWith('_origin_response_headers')),
  );
  if (!own.length) return origin;
  const headers: Fields = new Map(origin);
  for (const leaf of own) apply(headers, leaf, context, 'origin_');
  return headers;
}

function treat(headers: Fields, name: string, made: string | undefined, treatment = 'overwrite'): void {
  if (treatment === 'pass' || (treatment === 'if_missing' && headers.has(name))) return;
  if (treatment === 'remove' || made === undefined) headers.delete(name);
  else headers.set(name, [made]);
}

function clientCaching(headers: Fields, merged: Merged): void {
  if (merged.get('caching.bypass_client_cache')) {
    headers.set('cache-control', ['private, no-cache, no-store, must-revalidate']);
    return;
  }
  const age = merged.get<number>('caching.client_max_age');
  if (age === undefined) return;
  const made = httpDate(trim(headers.get('date')?.[0] ?? ''));
  const expires = made === undefined ? undefined : dateText(made + age);
  const control = merged.get<string>('caching.cache_control_header_treatment');
  treat(headers, 'cache-control', age < 0 ? 'no-cache' : `max-age=${age}`, control);
  const past = age < 0 ? 'Thu, 01 Jan 1970 00:00:00 GMT' : expires;
  treat(headers, 'expires', past, merged.get('caching.expires_header_treatment'));
}

/** The headers that a client sees with a response that was stored as given. */
export function clientHeaders(context: Context, merged: Merged, stored: Fields, location?: string): Fields {
  const headers: Fields = new Map(stored);
  clientCaching(headers, merged);
  const lifetime = merged.get<number>('caching.service_worker_max_age');
  if (lifetime !== undefined) headers.set('x-sw-cache-control', [`max-age=${lifetime}`]);
  for (const leaf of merged.leaves) apply(headers, leaf, context, '');
  return location === undefined ? headers : changed(headers, { location });
}
