import { describe, expect, test, vi } from 'vitest';
import { FakeWorker } from '../testing/fakeWorker.js';

declare const clients: object;

async function start() {
  vi.resetModules();
  const worker = new FakeWorker();
  const calls = { skipWaiting: vi.fn(async () => undefined), claim: vi.fn(async () => undefined) };
  vi.stubGlobal('skipWaiting', calls.skipWaiting);
  Object.assign(clients, { claim: calls.claim });
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

describe('a file that no rule concerns', () => {
  /** A worker that knows the paths of rules, and has read its index. */
  async function startWithRules(paths: string[] | undefined) {
    vi.stubGlobal(
      'URLPattern',
      class {
        readonly #path: string;
        constructor({ pathname }: { pathname: string }) {
          this.#path = pathname;
        }
        test(href: string): boolean {
          return new URL(href).pathname === this.#path;
        }
      },
    );
    vi.stubGlobal('__EDGIO_PREFETCH_PATHS__', paths);
    const { worker } = await start();
    worker.answers = Object.fromEntries(
      ['/a.png', '/a.png?x=1', '/b.png', '/ruled.png'].map((path) => [path, new Response('image')]),
    );
    await worker.send({ action: 'get-stats' });
    return worker;
  }
  const image = { destination: 'image' };

  test('is left to the browser', async () => {
    const worker = await startWithRules(['/ruled.png']);
    expect(await worker.fetch('/a.png', image)).toBeUndefined();
    expect(await worker.fetch('/ruled.png', image)).toBeDefined();
    expect(await worker.fetch('/a.png')).toBeDefined();
  });

  test('is not where no rules are known', async () => {
    const worker = await startWithRules(undefined);
    expect(await worker.fetch('/a.png', image)).toBeDefined();
  });

  test('comes from the store, or from a prefetch that is under way', async () => {
    const worker = await startWithRules([]);
    await worker.prefetch('/a.png');
    expect(await worker.fetch('/a.png', image)).toBeDefined();
    expect(await worker.fetch('/a.png?x=1', image)).toBeDefined();
    const prefetching = worker.prefetch('/b.png');
    const joined = worker.fetch('/b.png', image);
    await prefetching;
    expect(await joined).toBeDefined();
    expect(worker.requested.filter((request) => request.includes('/b.png'))).toHaveLength(1);
  });
});

test('it answers requests', async () => {
  const { worker } = await start();
  expect(worker.listeners('fetch')).toBe(1);
});
