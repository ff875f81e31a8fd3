import { describe, expect, test, vi } from 'vitest';
import { FakeWorker, ORIGIN } from '../testing/fakeWorker.js';
import { html, startWorker } from '../testing/startWorker.js';
import { Prefetcher } from './prefetcher.js';

describe('options', () => {
  const lifetime = async (worker: FakeWorker, parameters = ''): Promise<number> => {
    vi.useFakeTimers({ now: 0 });
    const report = await worker.prefetch('/a', parameters);
    vi.useRealTimers();
    return Number(report?.expires) / 1000;
  };

  test('defaultMaxAgeSeconds is 120', async () => {
    expect(await lifetime(startWorker({ '/a': html('page') }))).toBe(120);
  });

  test('defaultMaxAgeSeconds can be changed', async () => {
    expect(await lifetime(startWorker({ '/a': html('page') }, { defaultMaxAgeSeconds: 600 }))).toBe(600);
  });

  test('an option that is undefined has its default', async () => {
    expect(await lifetime(startWorker({ '/a': html('page') }, { defaultMaxAgeSeconds: undefined }))).toBe(
      120,
    );
  });

  test('the time that the page asks for wins', async () => {
    const worker = startWorker({ '/a': html('page', { 'x-sw-cache-control': 'max-age=60' }) });
    expect(await lifetime(worker, '&edgio_prefetch_ttl=300')).toBe(300);
  });

  test('subtractAge', async () => {
    expect(await lifetime(startWorker({ '/a': html('page', { age: '20' }) }, { subtractAge: true }))).toBe(
      100,
    );
  });

  test('cacheHost: its responses answer for the page', async () => {
    const worker = startWorker({ '/a': html('page') }, { cacheHost: 'cdn.example' });
    await worker.prefetch('https://cdn.example/a');
    expect(await (await worker.fetch('/a'))?.text()).toBe('page');
  });

  test('skipAssets lets images pass', async () => {
    expect(
      await startWorker({}, { skipAssets: true }).fetch('/i.png', { destination: 'image' }),
    ).toBeUndefined();
  });

  test('skipAssets keeps pages', async () => {
    const worker = startWorker({ '/a': html('page') }, { skipAssets: true });
    expect(await worker.fetch('/a', { destination: 'document' })).toBeDefined();
  });

  test('maxEntries', async () => {
    const worker = startWorker({ '/a': html('a'), '/b': html('b') }, { maxEntries: 1 });
    await worker.prefetch('/a');
    await worker.prefetch('/b');
    expect(await worker.send({ action: 'get-stats' })).toMatchObject({ stats: { entries: 1, wasted: 1 } });
  });

  test('maxBytes', async () => {
    const worker = startWorker({ '/a': html('too long') }, { maxBytes: 4 });
    expect(await worker.prefetch('/a')).toMatchObject({ event: 'refused', reason: 'Error: too big' });
  });

  test('fault 21: cache() stores what matches', async () => {
    const worker = new FakeWorker({ '/lib.js': html('code') });
    new Prefetcher().cache(/\.JS$/).route();
    await worker.fetch('/lib.js');
    await worker.fetch('/lib.js');
    expect(worker.requested).toEqual(['GET /lib.js']);
  });

  test('cache() stores nothing private', async () => {
    const worker = new FakeWorker({ '/lib.js': html('code', { 'cache-control': 'private' }) });
    new Prefetcher().cache(/\.js$/).route();
    await worker.fetch('/lib.js');
    await worker.fetch('/lib.js');
    expect(worker.requested.length).toBe(2);
  });
});

describe('plugins', () => {
  test('see a prefetched response and its URL', async () => {
    const seen: string[] = [];
    const prefetched = async ({ url, response }: { url: string; response: Response }): Promise<void> => {
      seen.push(url, await response.text());
    };
    await startWorker({ '/a': html('page') }, { plugins: [{ prefetched }] }).prefetch('/a');
    expect(seen).toEqual([`${ORIGIN}/a`, 'page']);
  });

  test('see nothing that is not stored', async () => {
    const prefetched = vi.fn();
    await startWorker({ '/a': html('', {}, 412) }, { plugins: [{ prefetched }] }).prefetch('/a');
    expect(prefetched).not.toHaveBeenCalled();
  });

  test('see no other requests', async () => {
    const prefetched = vi.fn();
    const worker = startWorker(
      { '/a': html('a', { 'x-sw-cache-control': 'max-age=60' }) },
      { plugins: [{ prefetched }] },
    );
    await worker.fetch('/a');
    expect(prefetched).not.toHaveBeenCalled();
  });

  test('that fail affect nothing else', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const broken = { prefetched: () => Promise.reject(new Error('broken')) };
    const prefetched = vi.fn();
    await startWorker({ '/a': html('page') }, { plugins: [broken, { prefetched }] }).prefetch('/a');
    expect(prefetched).toHaveBeenCalledOnce();
  });

  test.each(['a page in control', 'a page without'])('do not delay the report to %s', async (page) => {
    let isTold = false;
    const worker = startWorker(
      { '/a': html('page') },
      { plugins: [{ prefetched: () => vi.waitFor(() => expect(isTold).toBe(true)) }] },
    );
    const url = `${ORIGIN}/a?edgio_dt_pf=1&edgio_prefetch=1`;
    const told = (): void => {
      isTold = true;
    };
    const failed = vi.spyOn(console, 'error').mockReturnValue();
    if (page === 'a page in control') {
      vi.spyOn(worker.posted, 'push').mockImplementation(() => Number(told()));
      await worker.fetch(url);
    } else {
      await worker.send({ action: 'fetch-into-store', url, cors: 'anonymous' }, 'page', told);
    }
    expect(failed).not.toHaveBeenCalled();
  });

  test('can make the page prefetch more', async () => {
    const plugin = {
      prefetched: ({ prefetch }: { prefetch: (url: string, as: 'image') => unknown }) =>
        void prefetch('/i.png', 'image'),
    };
    const worker = startWorker({ '/a': html('page') }, { plugins: [plugin] });
    await worker.prefetch('/a');
    expect(worker.posted.map(({ message }) => message)).toContainEqual({
      action: 'prefetch',
      url: '/i.png',
      as: 'image',
      options: undefined,
    });
  });
});
