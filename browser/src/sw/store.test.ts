import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeCaches } from '../testing/fakeCaches.js';
import { type Limits, Store } from './store.js';

const KEY = 'https://shop.example/a';
const CACHE = 'prefetchrouter-1';

let caches: FakeCaches;
let dropped: unknown[][];

beforeEach(() => {
  caches = new FakeCaches();
  dropped = [];
  vi.stubGlobal('caches', caches);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const newStore = (limits: Partial<Limits> = {}): Store =>
  new Store({ maxEntries: 10, maxBytes: 1000, onDropped: (...drop) => dropped.push(drop), ...limits });

const text = async (response: Response | undefined): Promise<string | undefined> => response?.text();

describe('a stored response', () => {
  test('comes back', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    expect(await text(await store.use(KEY))).toBe('body');
  });

  test('keeps its status text and headers', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body', { statusText: 'Fine', headers: { 'x-own': '1' } }), 60);
    const response = await store.use(KEY);
    expect([response?.statusText, response?.headers.get('x-own')]).toEqual(['Fine', '1']);
  });

  test('is gone when its time is over', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    vi.advanceTimersByTime(60_000);
    expect(await store.use(KEY)).toBeUndefined();
  });

  test('fault 4: outlives another one that is stored after two minutes', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 3600);
    vi.advanceTimersByTime(126_000);
    await store.put('https://shop.example/b', new Response('other'), 120);
    expect(await text(await store.use(KEY))).toBe('body');
  });

  test('is still there for the next worker', async () => {
    await newStore().put(KEY, new Response('body'), 60);
    expect(await text(await newStore().use(KEY))).toBe('body');
  });

  test('is still there for the next worker when it has to be kept for ever', async () => {
    await newStore().put(KEY, new Response('body'), Number.POSITIVE_INFINITY);
    expect(await text(await newStore().use(KEY))).toBe('body');
  });

  test('may say that it varies by everything', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body', { headers: { vary: '*' } }), 60);
    expect((await store.use(KEY))?.headers.get('vary')).toBeNull();
  });

  test('has a body', async () => {
    await expect(newStore().put(KEY, new Response(''), 60)).rejects.toThrow('empty');
  });

  test('is replaced by a newer one', async () => {
    const store = newStore();
    await store.put(KEY, new Response('old'), 60);
    await store.put(KEY, new Response('new'), 60);
    await vi.runAllTimersAsync();
    expect(await text(await store.use(KEY))).toBe('new');
  });
});

describe('the store is bounded', () => {
  test('in number: the oldest goes first', async () => {
    const store = newStore({ maxEntries: 2 });
    for (const name of ['a', 'b', 'c'])
      await store.put(`https://shop.example/${name}`, new Response(name), 60);
    expect(await store.use(KEY)).toBeUndefined();
  });

  test('in bytes', async () => {
    const store = newStore({ maxBytes: 10 });
    await store.put(KEY, new Response('1234567'), 60);
    await store.put('https://shop.example/b', new Response('1234567'), 60);
    expect(await store.stats()).toMatchObject({ entries: 1, bytes: 7 });
  });

  test('and refuses what is bigger than all of it', async () => {
    await expect(newStore({ maxBytes: 3 }).put(KEY, new Response('1234'), 60)).rejects.toThrow('too big');
  });

  test('without reading it when it says its size', async () => {
    const source = { pull: vi.fn(), cancel: vi.fn() };
    const body = new ReadableStream(source, { highWaterMark: 0 });
    const response = new Response(body, { headers: { 'content-length': '4' } });
    const stored = newStore({ maxBytes: 3 }).put(KEY, response, 60);
    await expect(stored).rejects.toThrow('too big');
    expect([source.pull.mock.calls.length, source.cancel.mock.calls.length]).toEqual([0, 1]);
  });

  test('reading no further than that, even of a body without end', async () => {
    const pull = (controller: ReadableStreamDefaultController): void =>
      controller.enqueue(new TextEncoder().encode('12'));
    const stored = newStore({ maxBytes: 3 }).put(KEY, new Response(new ReadableStream({ pull })), 60);
    await expect(stored).rejects.toThrow('too big');
  });

  test('expired ones go before the oldest', async () => {
    const store = newStore({ maxEntries: 2 });
    await store.put(KEY, new Response('body'), 3600);
    await store.put('https://shop.example/b', new Response('short'), 1);
    vi.advanceTimersByTime(2000);
    await store.put('https://shop.example/c', new Response('new'), 60);
    expect(await text(await store.use(KEY))).toBe('body');
  });
});

describe('when the disk is full', () => {
  test('the older half makes room', async () => {
    const store = newStore();
    await store.put(KEY, new Response('old'), 60);
    (await caches.open(CACHE)).failingWrites = 1;
    await store.put('https://shop.example/b', new Response('new'), 60);
    expect(await text(await store.use('https://shop.example/b'))).toBe('new');
  });

  test('and that does not help, storing fails', async () => {
    (await caches.open(CACHE)).failingWrites = 2;
    await expect(newStore().put(KEY, new Response('body'), 60)).rejects.toThrow('quota');
  });

  test('and that does not help, the key is as unknown as before', async () => {
    const store = newStore();
    (await caches.open(CACHE)).failingWrites = 2;
    await store.put(KEY, new Response('body'), 60).catch(() => undefined);
    expect(await store.freshUntil(KEY)).toBeUndefined();
  });
});

describe('counts', () => {
  test('a use is a hit', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    await store.use(KEY);
    expect((await store.stats()).hits).toBe(1);
  });

  test('a look does not count as a use', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    await store.peek(KEY);
    expect((await store.stats()).hits).toBe(0);
  });

  test('what expires unused is wasted, and reported', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    vi.advanceTimersByTime(61_000);
    expect([(await store.stats()).wasted, dropped]).toEqual([1, [[KEY, true]]]);
  });

  test('what expires used is not wasted', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    await store.use(KEY);
    vi.advanceTimersByTime(61_000);
    expect((await store.stats()).wasted).toBe(0);
  });

  test('survive the worker', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    await store.use(KEY);
    await vi.runAllTimersAsync();
    expect((await newStore().stats()).hits).toBe(1);
  });
});

describe('what pages learn of', () => {
  test('is a used response that is dropped', async () => {
    const store = newStore({ maxEntries: 1 });
    await store.put(KEY, new Response('old'), 60);
    await store.use(KEY);
    await store.put(`${KEY}b`, new Response('new'), 60);
    expect(dropped).toEqual([[KEY, false]]);
  });

  test('is that the store was emptied, also by someone else', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    await store.clear();
    await caches.delete(CACHE);
    await store.peek(KEY);
    expect(dropped).toEqual([[KEY, true], []]);
  });
});

describe('a response with No-Vary-Search', () => {
  const page = (text: string): Response =>
    new Response(text, { headers: { 'no-vary-search': 'params=("utm_source")' } });

  test('answers a URL with other values of these parameters', async () => {
    const store = newStore();
    await store.put(KEY, page('page'), 60);
    expect(await text(await store.use(`${KEY}?utm_source=x`))).toBe('page');
    expect(store.isUsed(`${KEY}?utm_source=y`)).toBe(true);
    expect(await store.use(`${KEY}?id=1`)).toBeUndefined();
  });

  test('is known when another worker has stored it', async () => {
    await newStore().put(KEY, page('page'), 60);
    expect(await text(await newStore().use(`${KEY}?utm_source=x`))).toBe('page');
  });

  test('gives way to one of just that URL', async () => {
    const store = newStore();
    await store.put(KEY, page('any'), 60);
    await store.put(`${KEY}?utm_source=x`, new Response('own'), 60);
    expect(await text(await store.use(`${KEY}?utm_source=x`))).toBe('own');
  });
});

describe("the visitor's languages", () => {
  const speak = (...languages: string[]): unknown => vi.stubGlobal('navigator', { languages });

  test('empty the store when they change', async () => {
    speak('en');
    const store = newStore();
    await store.put(KEY, new Response('hello'), 60);
    speak('de', 'en');
    expect(await store.use(KEY)).toBeUndefined();
  });

  test('count for what another worker has stored', async () => {
    speak('en');
    await newStore().put(KEY, new Response('hello'), 60);
    speak('de', 'en');
    expect(await newStore().use(KEY)).toBeUndefined();
    speak('en');
    expect(await newStore().use(KEY)).toBeUndefined();
  });
});

describe('clearing', () => {
  test('rejects when a response cannot be deleted', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    vi.spyOn(await caches.open(CACHE), 'delete').mockRejectedValue(new Error('denied'));
    await expect(store.clear()).rejects.toThrow('denied');
  });

  test('forgets every response', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    await store.clear();
    expect(await store.use(KEY)).toBeUndefined();
  });

  test('keeps out a response whose body was still on its way', async () => {
    const store = newStore();
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const stored = store.put(KEY, new Response(body.readable), 60);
    await store.clear();
    void new Blob(['body']).stream().pipeTo(body.writable);
    await expect(stored).rejects.toThrow('cleared');
  });

  test('by someone else, who deletes all caches of the site, counts too', async () => {
    const store = newStore();
    await store.put(KEY, new Response('body'), 60);
    await caches.delete(CACHE);
    expect(await store.use(KEY)).toBeUndefined();
  });

  test('by someone else does not end storing', async () => {
    const store = newStore();
    await store.put(KEY, new Response('old'), 60);
    await caches.delete(CACHE);
    await store.use(KEY);
    await store.put(KEY, new Response('new'), 60);
    expect(await text(await newStore().use(KEY))).toBe('new');
  });

  test('begins another era', async () => {
    const store = newStore();
    const { era } = store;
    await store.clear();
    expect(store.era).not.toBe(era);
  });
});

describe('another version', () => {
  test('of the form leaves nothing behind', async () => {
    await caches.open('prefetchrouter-0');
    await newStore().deleteOthers();
    expect(await caches.keys()).not.toContain('prefetchrouter-0');
  });

  test('deletes no caches of others', async () => {
    await caches.open('workbox-precache');
    await newStore().deleteOthers();
    expect(await caches.keys()).toContain('workbox-precache');
  });

  test('what the index does not know is deleted', async () => {
    const cache = await caches.open(CACHE);
    await cache.put('https://shop.example/stray', new Response('stray'));
    await newStore().stats();
    await vi.waitFor(async () => {
      expect(await cache.match('https://shop.example/stray')).toBeUndefined();
    });
  });
});

test('without caches every call rejects and none hangs', async () => {
  vi.stubGlobal('caches', { open: () => Promise.reject(new Error('denied')) });
  await expect(newStore().use(KEY)).rejects.toThrow('denied');
});
