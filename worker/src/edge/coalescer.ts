import { slotOf } from '../cache/flights.ts';
import { forbidsStoring } from '../http/storage.ts';
import { selecting } from '../http/vary.ts';
import type { Fetcher } from './fetcher.ts';
import {
  type Filler,
  isForOne,
  type Job,
  mayBeShared,
  type Result,
  residentTime,
  variantOf,
} from './filler.ts';
import type { Planner } from './planner.ts';
import type { Body, Bytes, EdgeResponse, Plan, Platform, StoredResponse, Trace } from './types.ts';
import { asItArrives, needsWholeBody, selected, viewOfStored } from './view.ts';

/** Bodies of a declared length up to this are sent whole, so that their length is sent, too. */
const WHOLE_BYTES = 64 * 1024;
/** How much longer than an origin may take a request waits for a fetch that another one has started. */
const MORE_SECONDS = 5;

/** A cache key that was looked up, with what was found. */
export interface Lookup {
  readonly key: readonly string[];
  readonly body: Bytes | null;
  readonly names: readonly string[];
}

/** What came of a fetch; of one that is stored, the response to the client. */
export type Fetching = Exclude<Result, { kind: 'store' }> | { kind: 'response'; response: EdgeResponse };

/** Requests for the same response share one fetch, and read its body while it arrives (E19). */
export class Coalescer {
  private readonly longestWait: number;

  constructor(
    private readonly planner: Planner,
    private readonly fetcher: Fetcher,
    private readonly filler: Filler,
    private readonly platform: Platform,
  ) {
    this.longestWait = planner.data.site.answerSeconds + MORE_SECONDS;
  }

  /** Start to fetch a fresh response in the background, unless that is in flight already (E15). */
  refresh(plan: Plan, lookup: Lookup, expired: StoredResponse): void {
    const { request } = plan;
    const { flights } = this.filler;
    const mayStart = request.method !== 'HEAD' && plan.mayRefresh && !forbidsStoring(request.headers);
    if (!mayStart || flights.joinable(slotOf(lookup.key, expired.variant)) || this.fetcher.isOriginDown(plan))
      return;
    const trace: Trace = { cache: 'miss', reason: '', calls: [] };
    const job: Job = { plan, trace, body: lookup.body, expired };
    const flight = this.filler.prepare(lookup.key, expired.variant);
    this.filler.start(flight, lookup.key, job, { isBackground: true });
  }

  /** What came of the fetch that a request starts, or of one in flight that it waits for. */
  async fetch(plan: Plan, trace: Trace, lookup: Lookup, expired?: StoredResponse): Promise<Fetching> {
    const { headers } = plan.request;
    const { key } = lookup;
    let { names } = lookup;
    let isAlone = this.filler.hitForMiss.has(key.join('\n'));
    for (;;) {
      const variant = selecting(names, headers);
      const joined = isAlone ? undefined : this.filler.flights.joinable(slotOf(key, variant));
      const flight = joined ?? this.filler.prepare(key, variant);
      const reader = flight.buffer.open();
      if (!joined)
        this.filler.start(flight, key, { plan, trace, body: lookup.body, expired }, { isShared: !isAlone });
      const result = joined ? await within(flight.head, this.longestWait) : await flight.head;
      if (result && (!joined || mayBeShared(result, headers))) {
        trace.isCollapsed = joined !== undefined;
        trace.isStored = (result.kind === 'store' || result.kind === 'revalidated') && !isForOne(result);
        trace.isStored &&= !flight.isInvalidated;
        if (result.kind === 'store') {
          trace.originStatus = result.fetched.response.status;
          return { kind: 'response', response: await this.used(plan, trace, flight, reader, result.stored) };
        }
        flight.buffer.close(reader);
        if (result.kind === 'uncacheable') trace.originStatus = result.fetched.response.status;
        return result;
      }
      flight.buffer.close(reader);
      // The response is not for this request: it was one client's own, or varies by other headers.
      isAlone ||= !result || isForOne(result);
      if (result) names = variantOf(result).map(([name]) => name);
    }
  }

  private async used(
    plan: Plan,
    trace: Trace,
    flight: ReturnType<Filler['prepare']>,
    reader: object,
    candidate: StoredResponse,
  ): Promise<EdgeResponse> {
    const view = viewOfStored(this.planner, plan, candidate);
    trace.cache = trace.isCollapsed ? 'coalesced' : 'miss';
    trace.ttl = candidate.policy.fresh;
    trace.age = candidate.age;
    const age = candidate.age + residentTime(candidate, this.platform.now());
    const length = Number(candidate.headers.get('content-length')?.[0] ?? Number.NaN);
    const isSmall = length <= WHOLE_BYTES;
    const stored = flight.outcome ?? (isSmall || needsWholeBody(plan, view) ? await flight.done : undefined);
    if (stored) {
      flight.buffer.close(reader);
      return selected(plan, stored, view, age);
    }
    const body: Body = flight.buffer.stream(reader);
    const response = asItArrives(plan, view, candidate.original.status, body, age);
    if (response.body !== body) flight.buffer.close(reader);
    return response;
  }
}

/** What a promise gives within some seconds; else undefined: another request may have been cut off. */
async function within<T>(promise: Promise<T>, seconds: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
