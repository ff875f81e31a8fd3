import type { WorkerStats } from '../core/types.js';
import { isSameSearch } from './noVarySearch.js';

/** Raise the number when what is stored changes its form; other numbers are deleted at activation. */
const PREFIX = 'prefetchrouter-';
const NAME = `${PREFIX}1`;
const INDEX = '/__prefetchrouter_index__';

/** A year: the index is JSON, which knows no infinite number. */
const LONGEST_SECONDS = 31_536_000;

interface Entry {
  /** Milliseconds since 1970. */
  expires: number;
  bytes: number;
  isUsed: boolean;
  /** The header `No-Vary-Search` of the response. */
  noVarySearch?: string | undefined;
}

type Totals = Omit<WorkerStats, 'entries' | 'bytes'>;

/** Limits of the store, and the callback for what it drops. */
export interface Limits {
  maxEntries: number;
  maxBytes: number;
  /** Called for each response that is dropped, with whether it was never used; without a key when all are. */
  onDropped: (key?: string, isWasted?: boolean) => void;
}

/** The visitor's languages: what the browser sends as `Accept-Language`. */
const languages = (): string => String(globalThis.navigator?.languages);

/** The whole body. One that is bigger than the limit is given up, so that it does not pile up in memory. */
async function bodyUpTo(limit: number, { body, headers }: Response): Promise<Blob> {
  const reader = body?.getReader();
  const chunks: BlobPart[] = [];
  let bytes = 0;
  let isTooBig = Number(headers.get('content-length')) > limit;
  while (reader && !isTooBig) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    bytes += value.length;
    isTooBig = bytes > limit;
  }
  if (!isTooBig) return new Blob(chunks);
  void reader?.cancel();
  throw new Error('too big');
}

/**
 * Responses by key, each with its own expiry, bounded in number and bytes.
 *
 * They lie in a cache of the origin, beside an index that is held in memory and written after each change.
 */
export class Store {
  readonly #limits: Limits;
  readonly #entries = new Map<string, Entry>();
  readonly #totals: Totals = { prefetched: 0, hits: 0, refused: 0, wasted: 0 };
  #opening: Promise<Cache> | undefined;
  #saving: Promise<unknown> = Promise.resolve();
  #languages = '';
  #isOpen = false;
  #era = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Changes when the store is cleared; what was requested in another era must not be stored. */
  get era(): number {
    return this.#era;
  }

  /** Reads the index, once; rejects where there are no caches. */
  open(): Promise<Cache> {
    this.#opening ??= this.#read().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Whether a key that passes a test may be here; true as long as the index is not read. */
  mayHave(test: (key: string) => boolean): boolean {
    return !this.#isOpen || [...this.#entries.keys()].some(test);
  }

  /** The time at which a fresh response becomes stale, in milliseconds since 1970; undefined without one. */
  async freshUntil(key: string): Promise<number | undefined> {
    await this.open();
    const expires = this.#entries.get(this.#find(key))?.expires ?? 0;
    return expires > Date.now() ? expires : undefined;
  }

  /** Whether the stored response of a key has answered a request; the index is open. */
  isUsed(key: string): boolean {
    return this.#entries.get(this.#find(key))?.isUsed ?? false;
  }

  /** The fresh response of a key, counted as used, or undefined if it does not match the request. */
  async use(key: string, matches = (_response: Response): boolean => true): Promise<Response | undefined> {
    const response = await this.peek(key);
    const entry = this.#entries.get(this.#find(key));
    if (!response || !entry || !matches(response)) return undefined;
    entry.isUsed = true;
    this.#totals.hits++;
    void this.#save();
    return response;
  }

  /** The fresh response of a key, not counted. */
  async peek(key: string): Promise<Response | undefined> {
    if (!(await this.freshUntil(key))) return undefined;
    return (await this.#current()).match(this.#find(key), { ignoreVary: true });
  }

  /**
   * Stores a response for some seconds.
   *
   * Rejects when it is too big, when there is no room, or when the store was cleared since its era: a body takes
   * its time, and a user may log out meanwhile.
   */
  async put(key: string, response: Response, seconds: number, era = this.#era): Promise<number> {
    await this.open();
    const { status, statusText } = response;
    const body = await bodyUpTo(this.#limits.maxBytes, response);
    const bytes = body.size;
    if (!bytes) throw new Error('empty');
    const cache = await this.#current();
    if (era !== this.#era) throw new Error('the store was cleared meanwhile');
    const headers = new Headers(response.headers);
    if (headers.get('vary')?.includes('*')) headers.delete('vary');
    const copy = (): Response => new Response(body, { status, statusText, headers });

    this.#forget(key);
    this.#makeRoom(1, bytes);
    const expires = Date.now() + Math.min(seconds, LONGEST_SECONDS) * 1000;
    const noVarySearch = headers.get('no-vary-search') ?? undefined;
    this.#entries.set(key, { expires, bytes, isUsed: false, noVarySearch });
    try {
      await cache.put(key, copy()).catch(() => {
        this.#dropOldestHalf();
        return cache.put(key, copy());
      });
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
    await this.#save();
    return expires;
  }

  /** Counts a prefetch that was stored or refused. */
  count(name: 'prefetched' | 'refused'): void {
    this.#totals[name]++;
    void this.#save();
  }

  /** Forgets all responses; rejects when they cannot be deleted, so that the next worker might find them. */
  async clear(): Promise<void> {
    this.#era++;
    const cache = await this.open();
    const keys = [...this.#entries.keys()];
    for (const key of keys) this.#forget(key);
    this.#limits.onDropped();
    await Promise.all(keys.map((key) => cache.delete(key, { ignoreVary: true })));
    await this.#save();
  }

  async stats(): Promise<WorkerStats> {
    await this.open();
    this.#makeRoom(0, 0);
    return { ...this.#totals, entries: this.#entries.size, bytes: this.#bytes() };
  }

  /** Deletes what stores of another form have left behind. */
  async deleteOthers(): Promise<void> {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
    }
  }

  /** The cache as it is now: an open one would go on answering after someone else, such as a log-out, deleted it. */
  async #current(): Promise<Cache> {
    if (!(await caches.has(NAME))) {
      this.#era++;
      this.#entries.clear();
      this.#opening = undefined;
      this.#limits.onDropped();
    }
    if (this.#languages !== languages()) await this.clear();
    return this.open();
  }

  /** The key that is stored for a key: the same, or one with other parameters that the stored response allows for. */
  #find(key: string): string {
    if (this.#entries.has(key)) return key;
    const found = [...this.#entries].find(
      ([stored, { noVarySearch }]) => noVarySearch && isSameSearch(stored, key, noVarySearch),
    );
    return found ? found[0] : key;
  }

  #bytes(): number {
    return [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #remove(key: string): void {
    this.#forget(key);
    void this.#opening?.then((cache) => cache.delete(key, { ignoreVary: true }));
  }

  #forget(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    const isWasted = !entry.isUsed;
    this.#entries.delete(key);
    if (isWasted) this.#totals.wasted++;
    this.#limits.onDropped(key, isWasted);
  }

  #dropOldestHalf(): void {
    for (const key of [...this.#entries.keys()].slice(0, this.#entries.size / 2)) this.#remove(key);
  }

  /** Removes what has expired, and then the oldest until there is room for more entries and bytes. */
  #makeRoom(entries: number, bytes: number): void {
    const now = Date.now();
    for (const [key, { expires }] of [...this.#entries]) if (expires <= now) this.#remove(key);
    for (const key of [...this.#entries.keys()]) {
      const { maxEntries, maxBytes } = this.#limits;
      if (this.#entries.size + entries <= maxEntries && this.#bytes() + bytes <= maxBytes) return;
      this.#remove(key);
    }
  }

  async #read(): Promise<Cache> {
    const cache = await caches.open(NAME);
    const index = await (await cache.match(INDEX))?.json().catch(() => undefined);
    this.#languages = languages();
    // What the index does not name is deleted below.
    const entries = index?.languages === this.#languages ? index.entries : [];
    for (const [key, entry] of entries) this.#entries.set(key, entry);
    Object.assign(this.#totals, index?.totals);
    this.#isOpen = true;
    // Requests wait for the index, so nothing else is done first.
    void this.#deleteStrays(cache).catch(() => undefined);
    return cache;
  }

  /** Deletes responses that the index does not know: those of a worker that ended before it wrote it. */
  async #deleteStrays(cache: Cache): Promise<void> {
    for (const { url } of await cache.keys()) {
      if (!this.#entries.has(url) && !url.endsWith(INDEX)) await cache.delete(url, { ignoreVary: true });
    }
  }

  /** Writes the index after the writes before it; a write that fails loses counts, never answers. */
  #save(): Promise<unknown> {
    this.#saving = this.#saving.then(async () => {
      const cache = await this.open();
      const index = { entries: [...this.#entries], totals: this.#totals, languages: this.#languages };
      await cache.put(INDEX, new Response(JSON.stringify(index)));
    });
    this.#saving = this.#saving.catch(() => undefined);
    return this.#saving;
  }
}
