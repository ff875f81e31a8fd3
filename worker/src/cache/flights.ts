import type { Variant } from '../http/vary.ts';
import { variantText } from '../http/vary.ts';
import { BodyBuffer } from './buffer.ts';

/** A fetch for the cache that is in flight, shared by all requests that wait for it. */
export class Flight<Result, Stored> {
  readonly buffer: BodyBuffer;
  readonly head: Promise<Result>;
  readonly done: Promise<Stored | undefined>;
  resolve!: (result: Result) => void;
  private end!: (stored: Stored | undefined) => void;
  /** What was stored; null while that is not known. */
  outcome: Stored | undefined | null = null;
  /** Whether the response may no longer be stored, since something changed meanwhile. */
  isInvalidated = false;

  constructor(
    readonly address: string,
    readonly slot: string,
    largest: number,
  ) {
    this.buffer = new BodyBuffer(largest);
    this.head = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.done = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  finish(stored: Stored | undefined): void {
    if (this.outcome === null) this.outcome = stored;
    this.end(this.outcome);
  }
}

/** What is fetched: a cache key, and the values of the request headers in the last known Vary. */
export const slotOf = (key: readonly string[], variant: Variant): string =>
  `${key.join('\n')}\n\n${variantText(variant)}`;

/** All fetches for the cache that are in flight. */
export class Flights<Result, Stored> {
  private readonly open = new Map<string, Flight<Result, Stored>>();
  private readonly all = new Set<Flight<Result, Stored>>();

  /** The fetch that further requests may wait for. */
  joinable(slot: string): Flight<Result, Stored> | undefined {
    const found = this.open.get(slot);
    return found && !found.isInvalidated && !found.buffer.isTooLarge ? found : undefined;
  }

  start(flight: Flight<Result, Stored>, isShared: boolean): void {
    if (isShared) this.open.set(flight.slot, flight);
    this.all.add(flight);
  }

  /** Let no further request wait for a fetch. */
  leave(flight: Flight<Result, Stored>): void {
    if (this.open.get(flight.slot) === flight) this.open.delete(flight.slot);
  }

  end(flight: Flight<Result, Stored>): void {
    this.leave(flight);
    this.all.delete(flight);
  }

  /** Prevent that responses in flight are stored whose key begins with an address, or all of them. */
  invalidate(address?: string): void {
    for (const flight of this.all)
      if (address === undefined || flight.address === address) flight.isInvalidated = true;
  }

  /** The addresses of all of them. */
  addresses(): string[] {
    return Array.from(this.all, ({ address }) => address);
  }
}

const MOST_MARKS = 10_000;

/** Hit-for-miss: keys whose last response could not be stored, so that their requests are not coalesced. */
export class HitForMiss {
  private readonly until = new Map<string, number>();

  constructor(
    private readonly now: () => number,
    private readonly seconds = 10,
  ) {}

  mark(key: string): void {
    this.until.delete(key);
    this.until.set(key, this.now() + this.seconds);
    const oldest = this.until.keys().next().value;
    if (this.until.size > MOST_MARKS && oldest !== undefined) this.until.delete(oldest);
  }

  unmark(key: string): void {
    this.until.delete(key);
  }

  has(key: string): boolean {
    return (this.until.get(key) ?? 0) > this.now();
  }
}
