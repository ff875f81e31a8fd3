import { after } from '../core/after.js';

/** How long a request waits for the headers of a prefetch before it goes to the network itself. */
const JOIN_MILLISECONDS = 10_000;

/** A request that is under way, for all others for the same URL meanwhile. */
export class Flight {
  /** Resolves when the response was stored or refused. */
  readonly landed: Promise<void>;
  /** Whether requests may be answered by it: a visit's response is for that visit. */
  readonly isPrefetch: boolean;
  /** Ends the request. */
  readonly stop = new AbortController();
  /** Whether another request waits for it. */
  isJoined = false;
  /** Resolves to an unread copy of the response; to undefined if that answers no other request. */
  readonly #copy: Promise<Response | undefined>;
  #arrive!: (copy?: Response) => void;
  #land!: () => void;

  constructor(isPrefetch: boolean) {
    this.isPrefetch = isPrefetch;
    this.#copy = new Promise((resolve) => {
      this.#arrive = resolve;
    });
    this.landed = new Promise((resolve) => {
      this.#land = resolve;
    });
  }

  /** Hands over an unread copy of the response, whose body may still be on its way. */
  arrive(copy: Response | undefined): void {
    this.#arrive(copy);
    // An unread copy holds the whole body in memory.
    void this.landed.then(() => copy?.body?.cancel()).catch(() => undefined);
  }

  /** Ends the flight, however it went. */
  land(): void {
    this.#arrive();
    this.#land();
  }

  /** The response as it comes, or undefined if this flight brings none that answers the request. */
  async join(matches: (response: Response) => boolean): Promise<Response | undefined> {
    this.isJoined = true;
    const copy = await Promise.race([this.#copy, after(JOIN_MILLISECONDS)]);
    return copy && matches(copy) ? copy.clone() : undefined;
  }
}

/** The requests that are under way, one for each key of the store. */
export class Flights {
  readonly #flights = new Map<string, Flight>();

  get(key: string): Flight | undefined {
    return this.#flights.get(key);
  }

  /** Ends all but one of the prefetches that no request waits for: a visit gets the whole bandwidth. */
  makeWay(key: string): void {
    for (const [other, { isPrefetch, isJoined, stop }] of this.#flights) {
      if (other !== key && isPrefetch && !isJoined) stop.abort();
    }
  }

  /** Runs a request that others can join until it has ended. */
  async run<Result>(
    key: string,
    isPrefetch: boolean,
    request: (flight: Flight) => Promise<Result>,
  ): Promise<Result> {
    const flight = new Flight(isPrefetch);
    if (!this.#flights.has(key)) this.#flights.set(key, flight);
    try {
      return await request(flight);
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      flight.land();
    }
  }
}
