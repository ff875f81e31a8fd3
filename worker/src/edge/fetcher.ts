import { closeBody } from '../cache/buffer.ts';
import { changed, endToEnd, type Fields, get, members } from '../http/fields.ts';
import { onlyIfCached } from '../http/storage.ts';
import { asBrowsersWrite, canonicalTarget, splitClientParameters, withQuery } from '../http/target.ts';
import type { EdgeRequest } from '../rules/context.ts';
import type { Origins, Wanted } from './origins.ts';
import type { Planner } from './planner.ts';
import { NOTHING, refusedPrefetch, syntheticResponse } from './synthetic.ts';
import {
  type Body,
  OriginError,
  type OriginResponse,
  type Plan,
  type Platform,
  type Trace,
} from './types.ts';

const CONDITIONS = [
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
];
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;
const NO_BODY = {
  'content-encoding': null,
  'content-language': null,
  'content-length': null,
  'content-type': null,
};

/** A response of an origin, its body still to come, with the times that its age depends on. */
export interface Fetched {
  readonly response: OriginResponse;
  readonly asked: number;
  readonly arrived: number;
  /** The plan of each address that a followed redirect led to (E31). */
  readonly followed: readonly Plan[];
  /** Whether the rules for such an address made the response. */
  readonly byRules: boolean;
}

/** Forwards requests to origins, and follows redirects where rules say so. */
export class Fetcher {
  private readonly failed = new Map<string, number>();

  constructor(
    private readonly origins: Origins,
    private readonly planner: Planner,
    private readonly platform: Platform,
  ) {}

  /** Whether the origin of a request failed, and is left alone for a while (E17). */
  isOriginDown({ decision }: Plan): boolean {
    const seconds = decision.merged.get<number>('caching.revalidate_while_stale_timer');
    const since = this.failed.get(decision.origin ?? '');
    if (seconds === undefined || since === undefined) return false;
    const passed = this.platform.now() - since;
    return passed >= 0 && passed < seconds;
  }

  /** The origin's response; `conditions` revalidate, and with them or `whole` the client's are left out. */
  async fetch(plan: Plan, trace: Trace, body: Body, conditions?: Fields): Promise<Fetched> {
    const { decision, request } = plan;
    const wanted: Wanted = {
      scheme: request.scheme,
      target: decision.target,
      method: request.method,
      headers: this.headers(plan, conditions),
      body,
      failover: decision.merged.get<number[]>('origin.origin_failover_codes') ?? [],
      silence: decision.merged.get<number>('origin.read_idle_timeout'),
    };
    const asked = this.platform.now();
    let response = await this.send(decision.origin, wanted, trace);
    const followed: Plan[] = [];
    let byRules = false;
    if (REDIRECTS.has(response.status))
      [response, byRules] = await this.follow(plan, wanted, response, trace, followed);
    return { response, asked, arrived: this.platform.now(), followed, byRules };
  }

  private async send(origin: string | undefined, wanted: Wanted, trace: Trace): Promise<OriginResponse> {
    const name = origin ?? 'origin';
    try {
      const response = await this.origins.fetch(origin, wanted);
      trace.calls.push(`${name}: ${response.status}`);
      trace.originStatus = response.status;
      this.failed.delete(origin ?? '');
      return response;
    } catch (error) {
      const failure = error instanceof OriginError ? error.failure : 'unreachable';
      trace.calls.push(`${name}: ${failure}`);
      if (failure !== 'unknown') this.failed.set(origin ?? '', this.platform.now());
      throw error;
    }
  }

  /** The headers for the origin (E3): none by which a client could impersonate the edge. */
  private headers(plan: Plan, conditions?: Fields): Fields {
    const { decision, request } = plan;
    const { merged } = decision;
    const ruled = ['set_request_headers', 'set_client_ip_custom_header'].flatMap((feature) =>
      merged.names(`headers.${feature}`),
    );
    const headers = new Map(endToEnd(decision.requestHeaders(request.headers)));
    const [names, starts] = this.planner.data.spoofable;
    const spoofable = [...headers.keys()].filter(
      (name) =>
        !ruled.includes(name) &&
        (names.includes(name) ||
          starts.some((start) => name.startsWith(start)) ||
          !/^[a-z0-9-]+$/.test(name)),
    );
    const special = merged.get<string[]>('origin.proxy_special_headers')?.map((name) => name.toLowerCase());
    const added: Record<string, string> = {
      ...(request.client && { 'x-forwarded-for': request.client }),
      'x-forwarded-proto': request.scheme,
      'x-forwarded-host': request.host,
      via: [...members(get(headers, 'via') ?? ''), '1.1 prefetchrouter'].join(', '),
    };
    const appended = new Map<string, string>();
    for (const name of spoofable) {
      // A rule appended to it: what the client sent in front of that is cut off.
      if (ruled.includes(`+${name}`))
        appended.set(name, (get(headers, name) ?? '').slice((get(request.headers, name) ?? '').length));
      if (
        ruled.includes(`+${name}`) &&
        !(get(headers, name) ?? '').startsWith(get(request.headers, name) ?? '')
      )
        appended.set(name, get(headers, name) ?? '');
    }
    for (const [name, value] of Object.entries(added)) {
      const isFree = name === 'via' || spoofable.includes(name) || !headers.has(name);
      if ((!special || special.includes(name)) && isFree && !appended.has(name)) appended.set(name, value);
    }
    for (const name of spoofable) headers.delete(name);
    for (const [name, value] of appended) headers.set(name, [value]);
    if (onlyIfCached(request.headers)) {
      // It was said to this cache, whose own refresh this is (E22).
      const rest = members(get(headers, 'cache-control') ?? '').filter(
        (member) => !/^only-if-cached[ \t]*(?:=|$)/i.test(member),
      );
      if (rest.length) headers.set('cache-control', [rest.join(', ')]);
      else headers.delete('cache-control');
    }
    if (conditions) {
      for (const name of CONDITIONS) headers.delete(name);
      for (const [name, values] of conditions) headers.set(name, values);
    }
    return headers;
  }

  /** Follow redirects by GET where rules say so, as long as they lead to hosts that the edge serves (E31). */
  private async follow(
    plan: Plan,
    first: Wanted,
    received: OriginResponse,
    trace: Trace,
    followed: Plan[],
  ): Promise<[OriginResponse, boolean]> {
    let response = received;
    let wanted = first;
    let url = `${plan.request.scheme}://${plan.request.host}${wanted.target}`;
    const names = Object.keys(this.planner.data.site.hostnames ?? {});
    for (let number = 0; number < MOST_REDIRECTS; number++) {
      const location = get(response.headers, 'location');
      const isFollowed = this.planner.withResponse(plan, response).merged.is('url.follow_redirects');
      if (!REDIRECTS.has(response.status) || location === undefined || !isFollowed) break;
      closeBody(response.body);
      const next = targetOf(url, location);
      if (!next || !(next.host === plan.request.host || names.includes(next.host)))
        return [{ status: 404, headers: new Map([['content-length', ['0']]]), body: NOTHING }, true];
      url = next.url;
      const hop = this.planner.plan(requestFor(plan.request, next), plan.keep);
      followed.push(hop);
      const ruled = hop.mayFetch ? syntheticResponse(hop.decision) : refusedPrefetch(hop);
      if (ruled) return [ruled, true];
      const headers = changed(wanted.headers, { ...NO_BODY, host: next.host });
      wanted = { ...wanted, method: 'GET', target: withQuery(next.path, next.query), headers, body: null };
      const origin = hop.decision.merged.get<string>('origin.set_origin') ?? plan.decision.origin;
      response = await this.send(origin, wanted, trace);
      const decision = this.planner.withResponse(hop, response);
      const refused = decision.denied ? syntheticResponse(decision) : undefined;
      if (refused) {
        closeBody(response.body);
        return [refused, true];
      }
    }
    return [response, false];
  }
}

interface Next {
  readonly url: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** Where a redirect leads; undefined if no request can have that URL. */
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
