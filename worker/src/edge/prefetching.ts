import { dateText } from '../http/dates.ts';
import { changed, type Fields, fieldsOf, get } from '../http/fields.ts';
import { asBrowsersWrite, canonicalTarget, splitClientParameters, withQuery } from '../http/target.ts';
import { leftOut } from '../rules/cacheKey.ts';
import type { EdgeRequest } from '../rules/context.ts';
import { type Decision, withoutUsualPort } from '../rules/decision.ts';
import type { Planner } from './planner.ts';
import { bytes } from './synthetic.ts';
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
      : changed(kept, { 'no-vary-search': leftOut(decision.early) }),
  };
}

const describesBody = (name: string): boolean => /^(?:content-.*|soapaction)$/.test(name);

const decoded = (text: string): string =>
  text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (found) => {
    const codes = found
      .slice(1)
      .split('%')
      .map((code) => Number.parseInt(code, 16));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(codes));
  });

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** The plan of the POST or PUT that a link carries, undefined if it carries none (E29). */
export function unwrapped(plan: Plan, planner: Planner): Plan | undefined {
  const { request } = plan;
  if (request.method !== 'GET' || !request.query.includes('pref_edgio_method')) return undefined;
  const carried: Record<string, string> = {};
  const rest = request.query.split('&').filter((part) => {
    const [name = ''] = part.split('=', 1);
    const isOwn = name === 'pref_edgio_method' || name === 'pref_edgio_body';
    if (isOwn) carried[name] = decoded(part.slice(name.length + 1));
    return !isOwn;
  });
  const method = (carried.pref_edgio_method ?? '').toUpperCase();
  if (method !== 'POST' && method !== 'PUT') return undefined;
  const text = carried.pref_edgio_body ?? '';
  const body = bytes(text);
  const headers: Fields = new Map([...request.headers].filter(([name]) => !describesBody(name)));
  headers.set('content-type', [isJson(text) ? 'application/json' : 'text/plain;charset=UTF-8']);
  headers.set('content-length', [String(body.length)]);
  const made = planner.plan({ ...request, method, query: rest.join('&'), headers, body }, plan.keep);
  const methods = made.decision.merged.get<string[]>('caching.enable_caching_for_methods') ?? [];
  if (!methods.includes(method)) return undefined;
  return {
    ...made,
    mayFetch: made.mayFetch && plan.mayFetch,
    mayRefresh: made.mayRefresh && plan.mayRefresh,
  };
}

/** The parts of a cache key for a body and the headers that describe it (E8). */
export async function bodyKey(headers: Fields, body: Uint8Array): Promise<string[]> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body as BufferSource));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const names = [...headers.keys()].filter((name) => describesBody(name) && name !== 'content-length').sort();
  return [...names.map((name) => `header ${name}=${headers.get(name)?.join(', ')}`), `body ${hex}`];
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
