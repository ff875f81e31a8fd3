import { type Fields, get } from '../http/fields.ts';
import { initialAge, type Policy, storagePolicy, withDate } from '../http/storage.ts';
import { selecting, varyNames } from '../http/vary.ts';
import type { Head } from '../rules/context.ts';
import type { Decision } from '../rules/decision.ts';
import type { Fetched } from './fetcher.ts';
import type { Planner } from './planner.ts';
import { NOTHING } from './synthetic.ts';
import type { Plan, StoredResponse } from './types.ts';

/** The largest body that is stored, in bytes. */
export const LARGEST = 32 * 1024 * 1024;

/** A response in the form of a stored one, its body still empty; it may only be used at once. */
export function unstorable(
  key: readonly string[],
  variant: StoredResponse['variant'],
  decision: Decision,
  fetched: Fetched,
  response: Head,
): StoredResponse {
  const headers = withDate(decision.storedHeaders(response.headers), fetched.arrived);
  return {
    key,
    variant,
    original: { status: response.status, headers: response.headers },
    headers,
    body: NOTHING,
    policy: { fresh: 0, stale: 0, error: 0 },
    time: fetched.arrived,
    age: initialAge(headers, fetched.asked, fetched.arrived),
  };
}

/** The stored response that a response makes, its body still empty; or in a few words why it makes none. */
export function storable(
  planner: Planner,
  plan: Plan,
  key: readonly string[],
  fetched: Fetched,
  response: Head,
): StoredResponse | string {
  if (fetched.byRules) return 'made by the rules for where the redirect leads';
  const decision = planner.withResponse(plan, response);
  const stored = unstorable(key, [], decision, fetched, response);
  let policy = storagePolicy(decision, plan.request, response.status, stored.headers, stored.age);
  for (const hop of fetched.followed)
    policy = afterRedirect(policy, planner.withResponse(hop, response), hop, stored, fetched.arrived);
  if (typeof policy === 'string') return policy;
  const names = varyNames(stored.headers);
  if (!names) return 'vary: *';
  const length = get(stored.headers, 'content-length') ?? '';
  if (/^[0-9]+$/.test(length) && Number(length) > LARGEST) return `larger than ${LARGEST} bytes`;
  return { ...stored, variant: selecting(names, plan.request.headers), policy };
}

/** The parts of a key that tell visitors apart. */
const visitorParts = (key: readonly string[]): string[] =>
  key.slice(1).filter((part) => !part.startsWith('origin ') && !part.startsWith('method '));

/** How long a response is stored for which a redirect was followed: no longer than the rules there allow. */
function afterRedirect(
  found: Policy | string,
  decision: Decision,
  hop: Plan,
  { key, original, age }: StoredResponse,
  arrived: number,
): Policy | string {
  if (typeof found === 'string') return found;
  const own = visitorParts(key);
  // A response that depends on a cookie must not be stored under a key without it.
  if (!visitorParts(decision.cacheKey).every((part) => own.includes(part)))
    return 'the page that the redirect leads to has a cache key of more parts';
  const headers: Fields = withDate(decision.storedHeaders(original.headers), arrived);
  const there = storagePolicy(decision, hop.request, original.status, headers, age);
  if (typeof there === 'string')
    return there === 'no lifetime' || there.startsWith('status ')
      ? found
      : `where the redirect leads: ${there}`;
  return {
    fresh: Math.min(found.fresh, there.fresh),
    stale: Math.min(found.stale, there.stale),
    error: Math.min(found.error, there.error),
  };
}
