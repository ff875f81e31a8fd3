import { closeBody } from '../cache/buffer.ts';
import { Flight, Flights, HitForMiss, slotOf } from '../cache/flights.ts';
import type { Fields } from '../http/fields.ts';
import { FAILURES, forbidsStoring, servesOnError } from '../http/storage.ts';
import { conditionalHeaders, freshened, isAbout } from '../http/validators.ts';
import { selecting, variantText } from '../http/vary.ts';
import type { Fetched, Fetcher } from './fetcher.ts';
import type { Planner } from './planner.ts';
import { LARGEST, storable, unstorable } from './storing.ts';
import {
  type Bytes,
  OriginError,
  type Plan,
  type Platform,
  type StoredResponse,
  type Trace,
} from './types.ts';

/** What came of a fetch, as soon as the head of the response has arrived. */
export type Result =
  | { readonly kind: 'store'; readonly stored: StoredResponse; readonly fetched: Fetched }
  | { readonly kind: 'uncacheable'; readonly reason: string; readonly fetched: Fetched }
  | { readonly kind: 'revalidated'; readonly stored: StoredResponse; readonly notStored?: string }
  | { readonly kind: 'stale-error'; readonly stored: StoredResponse; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: OriginError };

/** A fetch for the cache: for whom, and the stored response to revalidate or replace. */
export interface Job {
  readonly plan: Plan;
  readonly trace: Trace;
  readonly body: Bytes | null;
  readonly expired?: StoredResponse | undefined;
}

/** Whether what came of a fetch is only for the client that caused it. */
export const isForOne = (result: Result): boolean =>
  result.kind === 'uncacheable' || (result.kind === 'revalidated' && result.notStored !== undefined);

/** The request headers by which the response was selected; none without a stored one. */
export const variantOf = (result: Result): StoredResponse['variant'] =>
  'stored' in result ? result.stored.variant : [];

/** Whether what came of a fetch answers a request that has waited for it (RFC 9111, sections 4 and 4.1). */
export const mayBeShared = (result: Result, headers: Fields): boolean => {
  const variant = variantOf(result);
  const own = selecting(
    variant.map(([name]) => name),
    headers,
  );
  return !isForOne(result) && variantText(own) === variantText(variant);
};

/** How long a stored response has been here, in seconds; 0 if the clock was set back. */
export const residentTime = ({ time }: StoredResponse, now: number): number => Math.max(0, now - time);

const mayServe = (stored: StoredResponse | undefined, now: number): stored is StoredResponse =>
  stored !== undefined && servesOnError(stored.policy, residentTime(stored, now));

/** Fetches responses into the cache, once for all requests that wait for the same one (E19). */
export class Filler {
  readonly flights = new Flights<Result, StoredResponse>();
  readonly hitForMiss: HitForMiss;

  constructor(
    private readonly planner: Planner,
    private readonly fetcher: Fetcher,
    private readonly platform: Platform,
  ) {
    this.hitForMiss = new HitForMiss(platform.now);
  }

  prepare(key: readonly string[], variant: StoredResponse['variant']): Flight<Result, StoredResponse> {
    return new Flight(key[0] ?? '', slotOf(key, variant), LARGEST);
  }

  start(
    flight: Flight<Result, StoredResponse>,
    key: readonly string[],
    job: Job,
    { isShared = true, isBackground = false },
  ): void {
    this.flights.start(flight, isShared);
    const work = this.fill(flight, key, job, isBackground)
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        flight.resolve({ kind: 'failed', error: new OriginError('unreachable', why) });
      })
      .finally(() => {
        flight.finish(undefined);
        this.flights.end(flight);
      });
    job.plan.keep(work);
  }

  private async fill(
    flight: Flight<Result, StoredResponse>,
    key: readonly string[],
    job: Job,
    isBackground: boolean,
  ): Promise<void> {
    const { expired } = job;
    let found: { fetched: Fetched; isValid: boolean };
    try {
      found = await this.fetch(job);
    } catch (error) {
      if (!(error instanceof OriginError)) throw error;
      flight.resolve(
        mayServe(expired, this.platform.now())
          ? { kind: 'stale-error', stored: expired, reason: `the origin failed: ${error.message}` }
          : { kind: 'failed', error },
      );
      return;
    }
    const { fetched } = found;
    const result =
      expired && found.isValid
        ? await this.revalidated(flight, key, job, fetched, expired)
        : await this.received(key, job, fetched);
    const { body } = fetched.response;
    if (result.kind === 'store' && body instanceof Uint8Array) await this.store(flight, result.stored, body);
    if (isForOne(result)) this.flights.leave(flight);
    flight.resolve(result);
    if (result.kind === 'uncacheable' && !isBackground) return; // The body belongs to the first client.
    if (result.kind === 'store' && flight.outcome === null)
      await this.readBody(flight, job, fetched, result.stored);
    else closeBody(body);
  }

  /** The origin's response, and whether it is a 304 that confirms the stored one. */
  private async fetch({ plan, trace, body, expired }: Job): Promise<{ fetched: Fetched; isValid: boolean }> {
    const conditions: Fields = expired ? conditionalHeaders(expired.original.headers) : new Map();
    const fetched = await this.fetcher.fetch(plan, trace, body, conditions);
    if (!expired || !conditions.size || fetched.response.status !== 304) return { fetched, isValid: false };
    if (isAbout(expired.original.headers, fetched.response.headers)) return { fetched, isValid: true };
    // A 304 about another response (RFC 9111, section 4.3.4).
    closeBody(fetched.response.body);
    return { fetched: await this.fetcher.fetch(plan, trace, body, new Map()), isValid: false };
  }

  /** What becomes of a complete response. */
  private async received(key: readonly string[], job: Job, fetched: Fetched): Promise<Result> {
    const { plan, expired } = job;
    const candidate = storable(this.planner, plan, key, fetched, fetched.response);
    const isFailure = FAILURES.has(fetched.response.status);
    if (isFailure && mayServe(expired, this.platform.now()))
      return {
        kind: 'stale-error',
        stored: expired,
        reason: `the origin answered ${fetched.response.status}`,
      };
    if (typeof candidate === 'string') {
      this.hitForMiss.mark(key.join('\n'));
      await this.discardOutdated(job, fetched);
      return { kind: 'uncacheable', reason: `not stored: ${candidate}`, fetched };
    }
    return { kind: 'store', stored: candidate, fetched };
  }

  /** Remove the stored response that one would have replaced which is not stored; a failure removes none (E10). */
  private async discardOutdated({ plan, expired }: Job, { response }: Fetched): Promise<void> {
    if (expired && !FAILURES.has(response.status) && !forbidsStoring(plan.request.headers))
      await this.platform.store.discard(expired);
  }

  /** Store a response, after which requests for its key are coalesced again. */
  private async keep(flight: Flight<Result, StoredResponse>, stored: StoredResponse): Promise<void> {
    if (flight.isInvalidated) return;
    await this.platform.store.store(stored);
    this.hitForMiss.unmark(stored.key.join('\n'));
  }

  /** Update the stored response with the headers of a 304 (RFC 9111, sections 3.2 and 4.3.4). */
  private async revalidated(
    flight: Flight<Result, StoredResponse>,
    key: readonly string[],
    job: Job,
    fetched: Fetched,
    expired: StoredResponse,
  ): Promise<Result> {
    const { plan } = job;
    const headers = freshened(expired.original.headers, fetched.response.headers);
    const response = { status: expired.original.status, headers };
    const updated = storable(this.planner, plan, key, fetched, response);
    if (typeof updated === 'string') {
      await this.discardOutdated(job, fetched);
      this.hitForMiss.mark(key.join('\n'));
      const decision = this.planner.withResponse(plan, response);
      const once = unstorable(expired.key, expired.variant, decision, fetched, response);
      return { kind: 'revalidated', stored: { ...once, body: expired.body }, notStored: updated };
    }
    const stored = { ...updated, body: expired.body };
    if (!flight.isInvalidated && variantText(stored.variant) !== variantText(expired.variant))
      await this.platform.store.discard(expired);
    await this.keep(flight, stored);
    return { kind: 'revalidated', stored };
  }

  private async store(
    flight: Flight<Result, StoredResponse>,
    candidate: StoredResponse,
    body: Bytes,
  ): Promise<void> {
    if (body.length > LARGEST) return;
    const stored = { ...candidate, body };
    await this.keep(flight, stored);
    flight.finish(stored);
  }

  private async readBody(
    flight: Flight<Result, StoredResponse>,
    job: Job,
    fetched: Fetched,
    stored: StoredResponse,
  ): Promise<void> {
    const { response } = fetched;
    let isDiscarded: Promise<void> | undefined;
    const giveUp = () => {
      this.hitForMiss.mark(stored.key.join('\n'));
      isDiscarded = this.discardOutdated(job, fetched);
      flight.finish(undefined);
    };
    const length = Number(response.headers.get('content-length')?.[0] ?? Number.NaN);
    try {
      const body = await flight.buffer.fill(response.body, giveUp, length);
      if (body) await this.store(flight, stored, body);
    } catch {
      // The readers get the error from the buffer.
    } finally {
      await isDiscarded;
    }
  }
}
