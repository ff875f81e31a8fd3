import { describe, expect, test, vi } from 'vitest';
import { html, startWorker } from '../testing/startWorker.js';

/** A promise, and the function that resolves it. */
function later<Value>(): { promise: Promise<Value>; resolve: (value: Value | Promise<Value>) => void } {
  let resolve!: (value: Value | Promise<Value>) => void;
  const promise = new Promise<Value>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const PREFETCH = '/a?edgio_dt_pf=1&edgio_prefetch=1';

/** A worker whose answer to the first request for `/a` comes later, and to others is "own". */
function start() {
  const first = later<Response>();
  let requests = 0;
  const worker = startWorker({ '/a': () => (requests++ ? html('own') : first.promise) });
  return { worker, first };
}

describe('a request for a URL whose prefetch is under way', () => {
  test('gets that response', async () => {
    const { worker, first } = start();
    const prefetch = worker.fetch(PREFETCH);
    const click = worker.fetch('/a', { resultingClientId: 'next' });
    first.resolve(html('prefetched'));
    expect([await (await click)?.text(), await (await prefetch)?.text()]).toEqual([
      'prefetched',
      'prefetched',
    ]);
    expect(worker.requested).toHaveLength(1);
  });

  test('gets it before its body has arrived', async () => {
    const { worker, first } = start();
    const body = new TransformStream<Uint8Array, Uint8Array>();
    void worker.fetch(PREFETCH);
    first.resolve(new Response(body.readable));
    const click = await worker.respond('/a');
    const text = click?.text();
    await new Blob(['whole']).stream().pipeTo(body.writable);
    expect(await text).toBe('whole');
  });

  test('is a hit, and uses what is stored', async () => {
    const { worker, first } = start();
    void worker.fetch(PREFETCH);
    const click = worker.fetch('/a', { resultingClientId: 'next' });
    first.resolve(html('prefetched'));
    await click;
    expect(await worker.send({ action: 'get-stats' }, 'next')).toMatchObject({
      stats: { hits: 1, wasted: 0 },
      servedFromStore: true,
    });
  });

  test('gets one that a page without a worker has prefetched', async () => {
    const { worker, first } = start();
    void worker.send({
      action: 'fetch-into-store',
      url: `https://shop.example${PREFETCH}`,
      cors: 'anonymous',
    });
    const click = worker.fetch('/a');
    first.resolve(html('prefetched'));
    expect(await (await click)?.text()).toBe('prefetched');
  });

  test.each([
    ['is refused with 412', async () => html('', {}, 412)],
    ['is private', async () => html('mine', { 'cache-control': 'private' })],
    ['varies by Cookie', async () => html('mine', { vary: 'Cookie' })],
    ['fails', () => Promise.reject(new TypeError('offline'))],
  ])('is made when the prefetch %s', async (_, answer) => {
    const { worker, first } = start();
    const prefetch = worker.fetch(PREFETCH).catch(() => undefined);
    const click = worker.fetch('/a');
    first.resolve(answer());
    await prefetch;
    expect(await (await click)?.text()).toBe('own');
  });

  test('is made for a reload', async () => {
    const { worker, first } = start();
    void worker.fetch(PREFETCH);
    await vi.waitUntil(() => worker.requested.length);
    const reload = await worker.respond('/a', { cache: 'no-cache' });
    expect(await reload?.text()).toBe('own');
    first.resolve(html('prefetched'));
  });

  test('is made when the store was cleared since', async () => {
    const { worker, first } = start();
    const prefetch = worker.fetch(PREFETCH);
    await worker.send({ action: 'clear' });
    const click = await worker.respond('/a');
    expect(await click?.text()).toBe('own');
    first.resolve(html('prefetched'));
    await prefetch;
  });
});

describe('a prefetch of a URL that is requested already', () => {
  test('by another page is not sent', async () => {
    const { worker, first } = start();
    const one = worker.fetch(PREFETCH);
    const two = worker.fetch(PREFETCH);
    first.resolve(html('prefetched'));
    await Promise.all([one, two]);
    expect(worker.posted.map(({ message }) => message.event)).toEqual(['prefetch', 'kept']);
    expect(worker.requested).toHaveLength(1);
  });

  test('by a visit waits for what that stores', async () => {
    const { worker, first } = start();
    const visit = worker.fetch('/a', { resultingClientId: 'next' });
    const prefetch = worker.fetch(PREFETCH);
    first.resolve(html('page', { 'x-sw-cache-control': 'max-age=60' }));
    await Promise.all([visit, prefetch]);
    expect(worker.requested).toEqual(['GET /a']);
  });

  test('is sent when the other one has brought nothing', async () => {
    const { worker, first } = start();
    const one = worker.fetch(PREFETCH);
    const two = worker.fetch(PREFETCH);
    first.resolve(html('', {}, 503));
    await Promise.all([one, two]);
    expect(worker.requested).toHaveLength(2);
  });
});

test('a visit never gets the response of another visit', async () => {
  const { worker, first } = start();
  void worker.fetch('/a', { resultingClientId: 'one' });
  await vi.waitUntil(() => worker.requested.length);
  const second = await worker.respond('/a', { resultingClientId: 'two' });
  expect(await second?.text()).toBe('own');
  first.resolve(html('first'));
});
