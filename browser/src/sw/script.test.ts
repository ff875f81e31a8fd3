import { describe, expect, test, vi } from 'vitest';
import { FakeWorker } from '../testing/fakeWorker.js';

async function start() {
  vi.resetModules();
  const worker = new FakeWorker();
  const calls = { skipWaiting: vi.fn(async () => undefined), claim: vi.fn(async () => undefined) };
  vi.stubGlobal('skipWaiting', calls.skipWaiting);
  vi.stubGlobal('clients', { claim: calls.claim });
  await import('./script.js');
  return { worker, ...calls };
}

test('a new version does not wait for the old one', async () => {
  const { worker, skipWaiting } = await start();
  await worker.install();
  expect(skipWaiting).toHaveBeenCalledOnce();
});

test('and controls the open pages at once', async () => {
  const { worker, claim } = await start();
  await worker.activate();
  expect(claim).toHaveBeenCalledOnce();
});

describe('static routes', () => {
  class FakePattern {
    constructor(
      readonly parts: object,
      readonly options: object,
    ) {}
  }

  /** The routes that are added when the edge has put these paths before the worker. */
  async function routes(paths?: string[]): Promise<{ condition: { or: object[] } }[]> {
    vi.stubGlobal('URLPattern', FakePattern);
    vi.stubGlobal('__EDGIO_PREFETCH_PATHS__', paths);
    const addRoutes = vi.fn(async (_routes: object[]) => undefined);
    const { worker } = await start();
    await worker.install({ addRoutes });
    return addRoutes.mock.calls[0]?.[0] as { condition: { or: object[] } }[];
  }

  test('lead what the rules make prefetchable to the worker, in any case of letters', async () => {
    const [first] = await routes(['/pages/:p1{/}?']);
    const pattern = new FakePattern({ pathname: '/pages/:p1{/}?', search: '*' }, { ignoreCase: true });
    expect(first).toMatchObject({ source: 'fetch-event' });
    expect(first?.condition.or).toContainEqual({ urlPattern: pattern });
  });

  test('lead all else to the network when the worker is asleep', async () => {
    expect((await routes([]))[1]).toEqual({ condition: { runningStatus: 'not-running' }, source: 'network' });
  });

  test('lead everything to a worker without paths', async () => {
    expect(await routes()).toHaveLength(1);
  });

  test('that a browser does not take cost nothing else', async () => {
    vi.stubGlobal('URLPattern', FakePattern);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { worker, skipWaiting } = await start();
    await worker.install({ addRoutes: () => Promise.reject(new TypeError('unknown source')) });
    expect(skipWaiting).toHaveBeenCalledOnce();
  });
});

test('it answers requests', async () => {
  const { worker } = await start();
  expect(worker.listeners('fetch')).toBe(1);
});
