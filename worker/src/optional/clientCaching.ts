import { dateText, httpDate } from '../http/dates.ts';
import { type Fields, trim } from '../http/fields.ts';
import { optional } from '../optional.ts';

function treat(headers: Fields, name: string, made: string | undefined, treatment = 'overwrite'): void {
  if (treatment === 'pass' || (treatment === 'if_missing' && headers.has(name))) return;
  if (treatment === 'remove' || made === undefined) headers.delete(name);
  else headers.set(name, [made]);
}

optional.clientCaching = (headers, merged): void => {
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
};
