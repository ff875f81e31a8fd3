import { endToEnd, type Fields, get, members } from '../http/fields.ts';
import { onlyIfCached } from '../http/storage.ts';
import { optional } from '../optional.ts';
import type { Origins, Wanted } from './origins.ts';
import type { Planner } from './planner.ts';
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
    const { status } = response;
    if (
      status > 300 &&
      status < 309 &&
      this.planner.withResponse(plan, response).merged.is('url.follow_redirects')
    )
      [response, byRules] = await optional.follow(
        this.planner,
        plan,
        wanted,
        response,
        followed,
        (name, next) => this.send(name, next, trace),
      );
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
    const { client } = request.visitor;
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
      ...(client && { 'x-forwarded-for': client }),
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
}
