import { get } from '../http/fields.ts';
import { initialAge, storagePolicy, withDate } from '../http/storage.ts';
import { selecting, varyNames } from '../http/vary.ts';
import { optional } from '../optional.ts';
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
  if (fetched.followed.length) policy = optional.afterRedirects(planner, policy, fetched, stored);
  if (typeof policy === 'string') return policy;
  const names = varyNames(stored.headers);
  if (!names) return 'vary: *';
  const length = get(stored.headers, 'content-length') ?? '';
  if (/^[0-9]+$/.test(length) && Number(length) > LARGEST) return `larger than ${LARGEST} bytes`;
  const tags = decision.merged.get<string[]>('caching.purge_tags');
  return { ...stored, variant: selecting(names, plan.request.headers), policy, tags };
}
