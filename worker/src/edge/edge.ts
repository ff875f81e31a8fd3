import { closeBody } from '../cache/buffer.ts';
import { endToEnd, type Fields } from '../http/fields.ts';
import { isCachedOnly, isForBrowserCache, isPrefetch, showsNoPage } from '../http/prefetches.ts';
import { asksOrigin, FAILURES, onlyIfCached, reasonToPass, servesOnError, stateOf } from '../http/storage.ts';
import { optional } from '../optional.ts';
import type { EdgeRequest } from '../rules/context.ts';
import type { Data } from '../rules/data.ts';
import { admitted, type RawRequest } from './admit.ts';
import { Coalescer, type Fetching, type Lookup } from './coalescer.ts';
import { Fetcher } from './fetcher.ts';
import { Filler, residentTime } from './filler.ts';
import { logLine } from './log.ts';
import { Origins } from './origins.ts';
import { ownFile } from './ownFiles.ts';
import { Planner } from './planner.ts';
import { invalidated, keptByBrowser, withPrefetchParameters } from './prefetching.ts';
import { plain, refusedPrefetch, syntheticResponse } from './synthetic.ts';
import {
  type Body,
  type Bytes,
  type EdgeResponse,
  OriginError,
  type Plan,
  type Platform,
  type StoredResponse,
  type Trace,
} from './types.ts';
import { asItArrives, selected, viewOf, viewOfStored } from './view.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const PREFETCH: Partial<Record<Trace['cache'], string>> = {
  hit: 'hit',
  stale: 'hit',
  'stale-error': 'hit',
  refused: 'refused',
  synthetic: 'synthetic',
};

const originError = (error: OriginError): EdgeResponse =>
  plain(error.failure === 'timeout' ? 504 : 502, `No response from the origin: ${error.message}`);

/** A shared cache that obeys rules: `docs/edge-rules.md` says how, the numbers (E1) are those of its rules. */
export class Edge {
  private readonly planner: Planner;
  private readonly fetcher: Fetcher;
  private readonly filler: Filler;
  private readonly coalescer: Coalescer;

  constructor(
    private readonly data: Data,
    private readonly platform: Platform,
  ) {
    this.planner = new Planner(data);
    this.fetcher = new Fetcher(
      new Origins(data.origins, data.site.answerSeconds, platform),
      this.planner,
      platform,
    );
    this.filler = new Filler(this.planner, this.fetcher, platform);
    this.coalescer = new Coalescer(this.planner, this.fetcher, this.filler, platform);
  }

  /** The response to a request; `keep` keeps a promise running after it was sent. */
  async handle(raw: RawRequest, keep: Plan['keep'] = () => {}): Promise<EdgeResponse> {
    const began = this.platform.now();
    const trace: Trace = { cache: 'error', reason: '', calls: [] };
    const request = admitted(raw, this.data.site);
    let response = 'status' in request ? request : undefined;
    if (!('status' in request)) {
      response = ownFile(this.data, request);
      if (response) trace.cache = 'internal';
      else response = await this.answer(request, trace, keep);
    }
    if (!response) throw new Error('no response');
    if (this.platform.log) {
      const { method, visitor } = raw;
      const { scheme } = this.data.site;
      const unknown = { method, visitor, scheme, host: '', path: '', headers: new Map() };
      const seen = 'status' in request ? unknown : request;
      this.platform.log(logLine(seen, response, trace, [began, this.platform.now()]));
    }
    return response;
  }

  /** What the cache keys of a URL begin with, or the response that refuses it. */
  addressOf(host: string, target: string): string | EdgeResponse {
    const raw = {
      method: 'GET',
      target,
      headers: new Map([['host', [host]]]),
      body: null,
      visitor: { client: '' },
    };
    const request = admitted(raw, this.data.site);
    return 'status' in request ? request : (this.planner.plan(request, () => {}).decision.cacheKey[0] ?? '');
  }

  /** The addresses of the fetches for the cache that are in flight. */
  addresses(): string[] {
    return this.filler.flights.addresses();
  }

  /** Prevent that what is in flight is stored: for an address, or all of it (E38). */
  forget(address?: string): void {
    this.filler.flights.invalidate(address);
  }

  private async answer(given: EdgeRequest, trace: Trace, keep: Plan['keep']): Promise<EdgeResponse> {
    const request = given.headers.has('connection') ? { ...given, headers: endToEnd(given.headers) } : given;
    const plan = this.planner.plan(request, keep);
    const { headers } = request;
    let response = await this.run(plan, trace);
    const mayDebug = headers.has('x-ec-debug') && plan.decision.merged.is('headers.debug_header');
    const wanted = mayDebug ? optional.debugNames(headers) : [];
    if (mayDebug) response = optional.withDebugHeaders(response, wanted, trace);
    if (plan.isForeign || isPrefetch(request.query)) response = this.forPrefetch(plan, trace, response);
    const mode = this.data.site.cacheStatus ?? 'on';
    if (mode === 'off') return response;
    return optional.withCacheStatus(response, trace, mode === 'debug' || wanted.includes('cache-status'));
  }

  /** The response to a prefetch: it leads to no origin, and shows a page (E6, E33). */
  private forPrefetch(plan: Plan, trace: Trace, given: EdgeResponse): EdgeResponse {
    let response = given;
    const { headers, query } = plan.request;
    if (showsNoPage(response.status, headers)) {
      closeBody(response.body);
      if (!trace.calls.length) trace.cache = 'refused';
      trace.reason = `a prefetch answered with ${response.status} would leave a link that does nothing`;
      response = refusedPrefetch(plan);
    }
    trace.prefetch = PREFETCH[trace.cache] ?? 'fetched';
    if (response.headers.has('location') && isCachedOnly(query))
      response = withPrefetchParameters(response, plan.request);
    return isForBrowserCache(query) ? keptByBrowser(response, plan.decision, this.platform.now()) : response;
  }

  /** What becomes of a request by the rules alone (E8, E9, E28, E29). */
  private async run(given: Plan, trace: Trace): Promise<EdgeResponse> {
    let plan = given;
    let response = syntheticResponse(plan.decision);
    // Without the module no rule lets a method but GET and HEAD be stored.
    if (!response && optional.unwrapped) {
      const other = optional.unwrapped(plan, this.planner);
      if (other) {
        plan = other;
        response = syntheticResponse(plan.decision);
      }
    }
    const { decision, request } = plan;
    trace.line = decision.line;
    if (response) {
      trace.cache = decision.refusal === undefined ? 'synthetic' : 'error';
      trace.reason = decision.refusal ?? 'by the rules alone';
      return response;
    }
    const reason = reasonToPass(decision, request.method, request.headers, Boolean(request.body));
    if (reason !== undefined) return this.pass(plan, trace, reason, request.body);
    if (request.method === 'GET' || request.method === 'HEAD')
      return this.lookUp(plan, trace, decision.cacheKey, null);
    const most = decision.merged.get<number>('caching.cacheable_request_body_size') ?? 14_000;
    const { whole, body } = await optional.readSmall(request.body, most);
    if (!whole || whole.length > most)
      return this.pass(plan, trace, 'the request body is too large to be part of a key', body);
    const key = [...decision.cacheKey, ...(await optional.bodyKey(request.headers, whole))];
    return this.lookUp(plan, trace, key, whole);
  }

  /** Whether a stored response may be used (E9, E14, E15, E18). */
  private async lookUp(
    plan: Plan,
    trace: Trace,
    key: readonly string[],
    body: Bytes | null,
  ): Promise<EdgeResponse> {
    const { headers } = plan.request;
    const looked = this.platform.store.find(key, headers);
    const { stored, names } = looked instanceof Promise ? await looked : looked;
    const lookup: Lookup = { key, body, names };
    trace.key = key.join(' | ');
    if (!stored) {
      trace.forward = names.length ? 'vary-miss' : 'uri-miss';
      return this.miss(plan, trace, lookup, undefined);
    }
    const resident = residentTime(stored, this.platform.now());
    const state = stateOf(stored.policy, resident);
    const view = viewOfStored(this.planner, plan, stored);
    const { merged } = view.decision;
    const isUnwanted = !stored.body.length && merged.is('caching.refresh_zero_byte_cache_files');
    if (isUnwanted || asksOrigin(plan.decision, headers) || state === 'expired') {
      trace.forward = state === 'expired' ? 'stale' : 'request';
      return this.miss(plan, trace, lookup, stored);
    }
    const early = merged.get<number>('caching.prevalidate_cached_content') ?? 0;
    if (state === 'stale' || stored.policy.fresh - resident < early)
      this.coalescer.refresh(plan, lookup, stored);
    return this.fromStored(plan, trace, stored, state === 'fresh' ? 'hit' : 'stale', view);
  }

  private fromStored(
    plan: Plan,
    trace: Trace,
    stored: StoredResponse,
    how: Trace['cache'],
    view = viewOfStored(this.planner, plan, stored),
  ): Promise<EdgeResponse> {
    const resident = residentTime(stored, this.platform.now());
    trace.cache = how;
    trace.ttl = stored.policy.fresh - resident;
    trace.age = stored.age + resident;
    return selected(plan, stored, view, trace.age);
  }

  /** Whether a request without a usable stored response is forwarded (E6, E17, E22, E32). */
  private async miss(
    plan: Plan,
    trace: Trace,
    lookup: Lookup,
    expired: StoredResponse | undefined,
  ): Promise<EdgeResponse> {
    const refused = this.notForwarded(plan, trace, 'nothing is stored that may be used');
    if (refused) return refused;
    const mayServe = expired && servesOnError(expired.policy, residentTime(expired, this.platform.now()));
    if (mayServe && this.fetcher.isOriginDown(plan))
      return this.fromStored(plan, trace, expired, 'stale-error');
    if (plan.request.method === 'HEAD') {
      const why = 'HEAD, and there is no fresh response to the GET';
      return this.pass(plan, trace, why, null, mayServe ? expired : undefined);
    }
    return this.fetched(plan, trace, await this.coalescer.fetch(plan, trace, lookup, expired));
  }

  /** The refusal of a prefetch, and the 504 of `only-if-cached`. */
  private notForwarded(plan: Plan, trace: Trace, reason: string): EdgeResponse | undefined {
    if (!plan.mayFetch) {
      trace.cache = 'refused';
      trace.reason = reason;
      return refusedPrefetch(plan);
    }
    if (!onlyIfCached(plan.request.headers)) return undefined;
    trace.cache = 'error';
    trace.reason = 'only-if-cached, and no stored response can be used';
    return plain(504, 'No stored response can be used.');
  }

  private fetched(plan: Plan, trace: Trace, state: Fetching): MaybeResponse {
    switch (state.kind) {
      case 'response':
        return state.response;
      case 'uncacheable':
        return this.passedOn(plan, trace, state.fetched.response, state.reason);
      case 'revalidated':
        trace.reason = 'the origin confirmed the stored response with a 304';
        return this.fromStored(plan, trace, state.stored, 'revalidated');
      case 'stale-error':
        trace.reason = state.reason;
        return this.fromStored(plan, trace, state.stored, 'stale-error');
      case 'failed':
        trace.cache = 'error';
        trace.reason = state.error.message;
        return originError(state.error);
    }
  }

  /** Forward a request past the cache; a successful unsafe one invalidates what is stored (E9, E21). */
  private async pass(
    plan: Plan,
    trace: Trace,
    reason: string,
    body: Body,
    expired?: StoredResponse,
  ): Promise<EdgeResponse> {
    const { method } = plan.request;
    trace.forward ??= reason === method ? 'method' : 'bypass';
    const refused = this.notForwarded(plan, trace, reason);
    if (refused) return refused;
    try {
      const { response } = await this.fetcher.fetch(plan, trace, body);
      if (expired && FAILURES.has(response.status)) {
        closeBody(response.body);
        trace.reason = `the origin answered ${response.status}`;
        return this.fromStored(plan, trace, expired, 'stale-error');
      }
      if (!SAFE.has(method) && response.status < 400) await this.invalidate(plan, response.headers);
      return this.passedOn(plan, trace, response, reason);
    } catch (error) {
      if (!(error instanceof OriginError)) throw error;
      return this.fetched(
        plan,
        trace,
        expired
          ? { kind: 'stale-error', stored: expired, reason: `the origin failed: ${error.message}` }
          : { kind: 'failed', error },
      );
    }
  }

  private async invalidate(plan: Plan, headers: Fields): Promise<void> {
    for (const address of new Set(invalidated(plan, this.planner, headers))) {
      await this.platform.store.invalidate(address);
      this.filler.flights.invalidate(address);
    }
  }

  /** The response of an origin that is not stored; its body is closed if it is not used. */
  private passedOn(plan: Plan, trace: Trace, origin: EdgeResponse, reason: string): EdgeResponse {
    trace.cache = 'pass';
    trace.reason = reason;
    const decision = this.planner.withResponse(plan, origin);
    const view = viewOf(decision, origin.status, decision.storedHeaders(origin.headers));
    const response = asItArrives(plan, view, origin.status, origin.body);
    if (response.body !== origin.body) closeBody(origin.body);
    return response;
  }
}

type MaybeResponse = EdgeResponse | Promise<EdgeResponse>;
