import { dateText } from '../http/dates.ts';
import { changed, type Fields, fieldsOf, get } from '../http/fields.ts';
import {
  asBrowsersWrite,
  canonicalTarget,
  splitClientParameters,
  withoutUsualPort,
  withQuery,
} from '../http/target.ts';
import type { EdgeRequest } from '../rules/context.ts';
import type { Decision } from '../rules/decision.ts';
import type { Planner } from './planner.ts';
import type { EdgeResponse, Plan } from './types.ts';

/** A response with the parameters of prefetching in its `Location`, if that is on the same host (E6). */
export function withPrefetchParameters(response: EdgeResponse, request: EdgeRequest): EdgeResponse {
  const locations = response.headers.get('location') ?? [];
  const [location = ''] = locations;
  if (response.status < 300 || response.status >= 400 || locations.length !== 1) return response;
  try {
    const url = new URL(
      location,
      `${request.scheme}://${request.host}${withQuery(request.path, request.query)}`,
    );
    const scheme = url.protocol.slice(0, -1);
    if (!/^https?$/.test(scheme) || withoutUsualPort(url.host, scheme) !== request.host) return response;
  } catch {
    return response;
  }
  const own = splitClientParameters(request.query)[1];
  const [, place = '', fragment = ''] = /^([^#]*)(#[\s\S]*)?$/.exec(location) ?? [];
  const [, path = '', query = ''] = /^([^?]*)\??([\s\S]*)$/.exec(place) ?? [];
  const rest = splitClientParameters(query)[0];
  const made = `${path}?${rest ? `${rest}&` : ''}${own}${fragment}`;
  return { ...response, headers: changed(response.headers, { location: made }) };
}

/** The response to a prefetch for a browser that has no service worker to store it (E39). */
export function keptByBrowser(response: EdgeResponse, decision: Decision, now: number): EdgeResponse {
  const { headers, status } = response;
  const lifetime = /max-age=([0-9]+)/.exec(get(headers, 'x-sw-cache-control') ?? '')?.[1];
  const says = (name: string, member: RegExp): boolean => member.test((headers.get(name) ?? []).join());
  if (status !== 200 || !Number(lifetime) || headers.has('set-cookie')) return response;
  if (
    says('vary', /(?:^|,)\s*(?:cookie|\*)\s*(?:,|$)/i) ||
    says('cache-control', /(?:^|,)\s*no-store\s*(?:,|$)/i)
  )
    return response;
  const kept = changed(headers, {
    'cache-control': `max-age=${lifetime}`,
    date: dateText(Math.floor(now)),
    age: null,
    expires: null,
    pragma: null,
  });
  return {
    ...response,
    headers: headers.has('no-vary-search')
      ? kept
      : changed(kept, { 'no-vary-search': decision.noVarySearch }),
  };
}

/** The addresses whose stored responses an unsafe request makes invalid (RFC 9111, section 4.4). */
export function invalidated({ request, keep }: Plan, planner: Planner, headers: Fields): string[] {
  const start = `${request.scheme}://${request.host}`;
  const own = start + withQuery(request.path, request.query);
  const places = ['location', 'content-location'].map((name) => headers.get(name)?.join(', ') ?? '');
  return ['', ...places].flatMap((reference) => {
    try {
      const url = reference ? new URL(asBrowsersWrite(reference), own) : new URL(own);
      if (`${url.protocol}//${url.host}` !== start) return [];
      const [path, query] = reference ? [url.pathname, url.search.slice(1)] : [request.path, request.query];
      const target = canonicalTarget(path, query);
      if (typeof target === 'string') return [];
      const seen = { ...request, method: 'GET', ...target, headers: fieldsOf([]), body: null };
      const { decision } = planner.plan(seen, keep);
      return decision.refusal === undefined ? [decision.cacheKey[0] ?? ''] : [];
    } catch {
      return [];
    }
  });
}
