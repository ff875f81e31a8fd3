import type { Decision } from '../rules/decision.ts';
import { controlOf, type Directives, deltaSeconds, MOST_SECONDS, seconds, targeted } from './cacheControl.ts';
import { dateText, httpDate } from './dates.ts';
import { changed, type Fields, get, trim } from './fields.ts';
import { conditionalHeaders } from './validators.ts';
import { varyNames } from './vary.ts';

/** For how long a stored response is usable, in seconds from its arrival (`fresh`) and from then on. */
export interface Policy {
  readonly fresh: number;
  readonly stale: number;
  readonly error: number;
}

/** The statuses that count as a failure of the origin (RFC 5861, section 4). */
export const FAILURES = new Set([500, 502, 503, 504]);

/** The status codes in IANA's registry. */
const KNOWN = /^(?:10[0-3]|20[0-8]|226|30[0-578]|40\d|41[0-8]|42[1-68]|429|431|451|50[0-8]|51[01])$/;

const WITHOUT_ORIGIN_SECONDS = 120;

/** Why the cache has no part in a request, or undefined if it has (E8, E9). */
export function reasonToPass(decision: Decision, method: string, headers: Fields, hasBody: boolean) {
  if (method === 'GET' || method === 'HEAD') {
    if (hasBody) return `${method} with a body`;
  } else {
    const methods = decision.merged.get<string[]>('caching.enable_caching_for_methods') ?? [];
    if ((method !== 'POST' && method !== 'PUT') || !methods.includes(method)) return method;
  }
  if (decision.merged.is('caching.bypass_cache')) return 'bypass_cache';
  const isPersonal = headers.has('authorization');
  if (isPersonal && !decision.cacheKey.slice(1).some((part) => part.startsWith('header authorization=')))
    return 'authorization';
  return ['if-match', 'if-unmodified-since'].find((name) => headers.has(name));
}

/** Whether a client's `no-cache` sends the request past the stored responses (E9). */
export const asksOrigin = (decision: Decision, headers: Fields): boolean =>
  decision.merged.is('caching.honor_no_cache_request_header') &&
  (controlOf(headers).has('no-cache') || controlOf(headers, 'pragma').has('no-cache'));

/** Whether a request wants a stored response or nothing (E22). */
export const onlyIfCached = (headers: Fields): boolean =>
  headers.has('cache-control') && controlOf(headers).has('only-if-cached');

/** Whether a client wants nothing of the response to be stored (E10). */
export const forbidsStoring = (headers: Fields): boolean =>
  headers.has('cache-control') && controlOf(headers).has('no-store');

/** The headers with a Date: their own, or the time of arrival without a readable one (RFC 9110, 6.6.1). */
export function withDate(headers: Fields, arrived: number): Fields {
  return ownDate(headers, arrived) === undefined ? changed(headers, { date: dateText(arrived) }) : headers;
}

function ownDate(headers: Fields, now: number): number | undefined {
  const texts = headers.get('date') ?? [];
  return texts.length === 1 ? httpDate(trim(texts[0] ?? ''), now) : undefined;
}

/** How old a response is when it arrives, in seconds (RFC 9111, section 4.2.3). */
export function initialAge(headers: Fields, asked: number, arrived: number): number {
  const made = ownDate(headers, arrived);
  const stated = deltaSeconds((get(headers, 'age') ?? '').split(',')[0]?.trim() ?? '') ?? 0;
  const apparent = made === undefined ? 0 : arrived - made;
  return Math.min(Math.max(0, apparent, stated + Math.max(0, arrived - asked)), MOST_SECONDS);
}

/** What a shared cache reads of a response: `CDN-Cache-Control` replaces the older fields (RFC 9213). */
interface Stated {
  readonly status: number;
  readonly control: Directives;
  readonly isTargeted: boolean;
  readonly validatesAlways: boolean;
  /** Counted from when the response was generated; undefined without any lifetime. */
  readonly lifetime: number | undefined;
}

function stated(status: number, headers: Fields): Stated {
  const own = targeted(headers);
  const control = own ?? controlOf(headers);
  const pragma = !own && !control.size && controlOf(headers, 'pragma').has('no-cache');
  let lifetime = seconds(control, 's-maxage') ?? seconds(control, 'max-age');
  if (lifetime === undefined && !own && headers.has('expires')) {
    const made = httpDate(trim(get(headers, 'date') ?? ''));
    const expires = httpDate(trim(get(headers, 'expires') ?? ''), made);
    lifetime = made === undefined || expires === undefined ? 0 : Math.max(0, expires - made);
  }
  return {
    status,
    control,
    isTargeted: own !== undefined,
    validatesAlways: pragma || control.has('no-cache'),
    lifetime,
  };
}

function reasonOfResponse({ status, control, isTargeted }: Stated, headers: Fields, isOverruled: boolean) {
  if (status < 200 || status === 206 || status === 304) return `status ${status}`;
  const forbidding = ['no-store', 'private'].find((name) => control.has(name));
  if (!isOverruled && forbidding) return isTargeted ? `${forbidding} in cdn-cache-control` : forbidding;
  if (headers.has('set-cookie')) return 'set-cookie';
  if (varyNames(headers)) return undefined;
  return get(headers, 'vary')?.includes('*') ? 'vary: *' : 'vary that names no headers';
}

interface Fresh {
  readonly seconds: number;
  readonly isRuled: boolean;
}

function ruled(time: number, isValidated: boolean): Fresh | string {
  if (isValidated) return 'no-cache';
  return time > 0 ? { seconds: time, isRuled: true } : 'a rule says so';
}

/** For how long from its arrival a response is fresh; or why it is not stored (E11, E12). */
function freshness(decision: Decision, own: Stated, age: number, isValidated: boolean): Fresh | string {
  const { status, control, lifetime } = own;
  const byRule = decision.ttl(status);
  if (byRule !== undefined) return ruled(byRule, isValidated);
  if (control.has('must-understand') && !KNOWN.test(String(status)))
    return `must-understand, and status ${status} is not known`;
  const listed = decision.merged.get<number[]>('caching.cacheable_status_codes') ?? [];
  const isCacheable = status === 200 || listed.includes(status);
  if (isCacheable && lifetime !== undefined)
    return { seconds: isValidated ? 0 : lifetime - age, isRuled: false };
  const byDefault = decision.merged.get<number>(`caching.default_internal_max_age.${status}`);
  if (byDefault !== undefined) return ruled(byDefault, isValidated);
  if (!isCacheable) return `status ${status} is not in cacheable_status_codes`;
  return isValidated ? { seconds: 0, isRuled: false } : 'no lifetime';
}

/** For how long a response is stored, or in a few words why it is not (E10 to E12). */
export function storagePolicy(
  decision: Decision,
  request: { readonly method: string; readonly headers: Fields; readonly body?: unknown },
  status: number,
  headers: Fields,
  age: number,
): Policy | string {
  const own = stated(status, headers);
  const { merged } = decision;
  const isOverruled = (merged.get<number[]>('caching.ignore_origin_no_cache') ?? []).includes(status);
  const reason =
    reasonToPass(decision, request.method, request.headers, Boolean(request.body)) ??
    (request.method === 'HEAD' ? 'HEAD' : undefined) ??
    (forbidsStoring(request.headers) ? 'no-store in the request' : undefined) ??
    reasonOfResponse(own, headers, isOverruled);
  if (reason !== undefined) return reason;
  const isValidated = !isOverruled && own.validatesAlways;
  const found = freshness(decision, own, age, isValidated);
  if (typeof found === 'string') return found;
  const { seconds: fresh, isRuled } = found;
  if (fresh <= 0 && !conditionalHeaders(headers).size)
    return isValidated ? 'no-cache without a validator' : 'expired when it came, without a validator';
  if (isValidated) return { fresh, stale: 0, error: 0 };
  const { control } = own;
  const revalidates = control.has('must-revalidate') || control.has('proxy-revalidate');
  const forbidsStale = revalidates || (!isRuled && control.has('s-maxage'));
  const swr = merged.get<number>('caching.stale_while_revalidate');
  const stale = isRuled || !forbidsStale ? (swr ?? seconds(control, 'stale-while-revalidate') ?? 0) : 0;
  return { fresh, stale, error: forbidsStale ? 0 : errorSeconds(decision, status, control) };
}

function errorSeconds({ merged }: Decision, status: number, control: Directives): number {
  const told = seconds(control, 'stale-if-error') ?? 0;
  if (!merged.is('caching.stale_on_error')) return told;
  const byRule = merged.get<number>(`caching.revalidate_after_origin_unavailable.${status}`);
  return Math.max(told, byRule ?? WITHOUT_ORIGIN_SECONDS);
}

/** Whether a stored response may be used at once, while it is refreshed, or neither (E14 to E16). */
export function stateOf({ fresh, stale }: Policy, resident: number): 'fresh' | 'stale' | 'expired' {
  if (resident < fresh) return 'fresh';
  return resident < fresh + stale ? 'stale' : 'expired';
}

/** Whether a stored response may be used when the origin fails (E17). */
export const servesOnError = ({ fresh, error }: Policy, resident: number): boolean =>
  resident < fresh + error;
