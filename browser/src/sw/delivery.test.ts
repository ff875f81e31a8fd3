import { describe, expect, test, vi } from 'vitest';
import type { Delivery } from '../core/protocol.js';
import { type FakeWorker, ORIGIN } from '../testing/fakeWorker.js';
import { html, startWorker } from '../testing/startWorker.js';

const message = {
  action: 'fetch-into-store',
  url: `${ORIGIN}/a?edgio_dt_pf=1&edgio_prefetch=1`,
  cors: 'anonymous',
};

describe('a page that came before its worker', () => {
  const sent = { ...message, isSent: true };
  const deliver = (worker: FakeWorker, delivery: Delivery | Promise<Delivery>): Promise<unknown> =>
    worker.send(sent, 'page', () => undefined, Promise.resolve(delivery));

  test('hands over the response that it has fetched itself', async () => {
    const worker = startWorker({});
    const body = await new Blob(['page']).arrayBuffer();
    const delivery: Delivery = { status: 200, headers: [['x-sw-cache-control', 'max-age=60']], body };
    expect(await deliver(worker, delivery)).toMatchObject({ event: 'prefetch', status: 200 });
    expect(await (await worker.fetch('/a'))?.text()).toBe('page');
  });

  test('gets a refusal of a response for one visitor only', async () => {
    const delivery: Delivery = { status: 200, headers: [['cache-control', 'private']] };
    expect(await deliver(startWorker({}), delivery)).toMatchObject({ event: 'refused', reason: 'private' });
  });

  test('gets a refusal of an aborted request', async () => {
    const worker = startWorker({ '/a': html('page') });
    expect(await deliver(worker, { status: 0, headers: [] })).toMatchObject({ event: 'refused' });
    expect(worker.requested).toEqual([]);
  });

  test('leaves requests that failed to the worker', async () => {
    const worker = startWorker({ '/a': html('page') });
    expect(await deliver(worker, null)).toMatchObject({ event: 'prefetch', status: 200 });
  });

  test('is left by a click while a response is under way: the click waits for it', async () => {
    const worker = startWorker({});
    let land!: (delivery: Delivery) => void;
    const delivered = deliver(
      worker,
      new Promise((resolve) => {
        land = resolve;
      }),
    );
    const clicked = worker.fetch('/a', { resultingClientId: 'next' });
    land({ status: 200, headers: [], body: await new Blob(['page']).arrayBuffer() });
    expect(await (await clicked)?.text()).toBe('page');
    await delivered;
    expect(worker.requested).toEqual([]);
  });

  test('opens another page: its prefetches end, except for one that a request waits for', async () => {
    const ended: string[] = [];
    const hang = (request: Request): Promise<Response> =>
      new Promise((_, fail) => {
        request.signal.onabort = () => {
          ended.push(new URL(request.url).pathname);
          fail(request.signal.reason);
        };
      });
    const worker = startWorker({ '/a': hang, '/b': hang, '/c': hang });
    for (const path of ['/a', '/b', '/c']) {
      void worker.send({ ...message, url: `${ORIGIN}${path}?edgio_dt_pf=1&edgio_prefetch=1` });
    }
    await vi.waitUntil(() => worker.requested.length === 3);
    void worker.fetch('/c');
    await worker.send({ action: 'make-way', url: `${ORIGIN}/b` });
    await vi.waitUntil(() => ended.length);
    expect(ended).toEqual(['/a']);
  });
});
