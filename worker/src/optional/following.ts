import { closeBody } from '../cache/buffer.ts';
import { NOTHING, refusedPrefetch, syntheticResponse } from '../edge/synthetic.ts';
import type { Plan, StoredResponse } from '../edge/types.ts';
import { changed, type Fields, get } from '../http/fields.ts';
import { type Policy, storagePolicy, withDate } from '../http/storage.ts';
import { asBrowsersWrite, canonicalTarget, splitClientParameters, withQuery } from '../http/target.ts';
import { optional } from '../optional.ts';
import type { EdgeRequest } from '../rules/context.ts';
import type { Decision } from '../rules/decision.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;
const NO_BODY = {
  'content-encoding': null,
  'content-language': null,
  'content-length': null,
  'content-type': null,
};

interface Next {
  readonly url: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** Where a redirect leads, or undefined if no request can have that URL. */
function targetOf(base: string, location: string): Next | undefined {
  try {
    const url = new URL(asBrowsersWrite(location), base);
    const target = canonicalTarget(url.pathname || '/', url.search.slice(1));
    if (typeof target === 'string') return undefined;
    return {
      url: url.href,
      host: url.host,
      path: target.path,
      query: splitClientParameters(target.query)[0],
    };
  } catch {
    return undefined;
  }
}

/** The request of a client that follows the redirect; a prefetch stays a prefetch. */
function requestFor(request: EdgeRequest, { host, path, query }: Next): EdgeRequest {
  const own = splitClientParameters(request.query)[1];
  const headers = changed(request.headers, { ...NO_BODY, host, 'transfer-encoding': null });
  return {
    ...request,
    method: 'GET',
    host,
    path,
    query: [query, own].filter(Boolean).join('&'),
    headers,
    body: null,
  };
}

/** Follow redirects by GET where rules say so, as long as they lead to hosts that the edge serves (E31). */
optional.follow = async (planner, plan, first, received, followed, send) => {
  let response = received;
  let wanted = first;
  let url = `${plan.request.scheme}://${plan.request.host}${wanted.target}`;
  const names = Object.keys(planner.data.site.hostnames ?? {});
  for (let number = 0; number < MOST_REDIRECTS; number++) {
    const location = get(response.headers, 'location');
    const isFollowed = planner.withResponse(plan, response).merged.is('url.follow_redirects');
    if (!REDIRECTS.has(response.status) || location === undefined || !isFollowed) break;
    closeBody(response.body);
    const next = targetOf(url, location);
    if (!next || !(next.host === plan.request.host || names.includes(next.host)))
      return [{ status: 404, headers: new Map([['content-length', ['0']]]), body: NOTHING }, true];
    url = next.url;
    const hop = planner.plan(requestFor(plan.request, next), plan.keep);
    followed.push(hop);
    const ruled = hop.mayFetch ? syntheticResponse(hop.decision) : refusedPrefetch(hop);
    if (ruled) return [ruled, true];
    const headers = changed(wanted.headers, { ...NO_BODY, host: next.host });
    wanted = { ...wanted, method: 'GET', target: withQuery(next.path, next.query), headers, body: null };
    const origin = hop.decision.merged.get<string>('origin.set_origin') ?? plan.decision.origin;
    response = await send(origin, wanted);
    const decision = planner.withResponse(hop, response);
    const refused = decision.denied ? syntheticResponse(decision) : undefined;
    if (refused) {
      closeBody(response.body);
      return [refused, true];
    }
  }
  return [response, false];
};

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

optional.afterRedirects = (planner, found, { followed, arrived }, stored) => {
  let policy = found;
  for (const hop of followed)
    policy = afterRedirect(policy, planner.withResponse(hop, stored.original), hop, stored, arrived);
  return policy;
};
