// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakePage, type FakePageOptions } from '../testing/fakePage.js';

async function open(options?: FakePageOptions) {
  const page = new FakePage(options);
  return {
    page,
    ...(await import('./store.js')),
    ...(await import('./prefetch.js')),
  };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('waitForServiceWorker()', () => {
  test('resolves with the worker in control', async () => {
    const { waitForServiceWorker } = await open();
    expect(await waitForServiceWorker()).toBe(navigator.serviceWorker.controller);
  });

  test('resolves with the active worker after a reload past it', async () => {
    const { page, waitForServiceWorker } = await open({ isControlled: false });
    expect(await waitForServiceWorker()).toBe(page.registration.active);
  });

  test('rejects where there are no workers', async () => {
    const { waitForServiceWorker } = await open({ hasWorkers: false });
    await expect(waitForServiceWorker()).rejects.toThrow('service worker not supported');
  });

  test('rejects when none comes in ten seconds', async () => {
    const { waitForServiceWorker } = await open({ isControlled: false, isRegistered: false });
    vi.useFakeTimers();
    const refused = expect(waitForServiceWorker()).rejects.toThrow('not registered');
    await vi.advanceTimersByTimeAsync(15_000);
    await refused;
  });
});

describe('messages', () => {
  test('stats() is what the worker counts', async () => {
    const { page, stats } = await open();
    page.answer = () => ({ stats: { hits: 3 }, servedFromStore: false });
    expect(await stats()).toEqual({ hits: 3 });
  });

  test('each gets its own answer, in whatever order they come', async () => {
    const { page, prefetch } = await open();
    page.outcome = () => 'nothing';
    const outcomes = Promise.all([prefetch('/a'), prefetch('/b')]);
    await vi.waitFor(() => expect(page.prefetches.length).toBe(2));
    const ids = page.ids.filter((_, at) => page.sent[at]?.action === 'fetch-into-store');
    page.tell({ action: 'answer', id: 1000, content: { event: 'prefetch' } });
    page.tell({ action: 'answer', id: ids[1], content: { event: 'refused' } });
    page.tell({ action: 'answer', id: ids[0], content: { event: 'prefetch' } });
    expect(await outcomes).toEqual(['prefetched', 'refused']);
  });

  test('two copies of the script in a page get their own answers', async () => {
    const { page, prefetch } = await open();
    page.outcome = () => 'nothing';
    vi.resetModules();
    const copy = await import('./prefetch.js');
    const outcomes = Promise.all([prefetch('/a'), copy.prefetch('/b')]);
    await vi.waitFor(() => expect(page.prefetches.length).toBe(2));
    const ids = page.ids.filter((_, at) => page.sent[at]?.action === 'fetch-into-store');
    const isFirst = page.prefetches[0] && 'url' in page.prefetches[0] && /\/a/.test(page.prefetches[0].url);
    page.tell({ action: 'answer', id: ids[0], content: { event: isFirst ? 'prefetch' : 'refused' } });
    page.tell({ action: 'answer', id: ids[1], content: { event: isFirst ? 'refused' : 'prefetch' } });
    expect(await outcomes).toEqual(['prefetched', 'refused']);
  });

  test('stats() without a worker is undefined', async () => {
    const { stats } = await open({ hasWorkers: false });
    expect(await stats()).toBeUndefined();
  });

  test('clear() notifies the worker', async () => {
    const { page, clear } = await open();
    await clear();
    expect(page.sent).toEqual([{ action: 'clear' }]);
  });

  test('clear() rejects when the worker has failed', async () => {
    const { page, clear } = await open();
    page.answer = () => ({ action: 'report', event: 'refused', url: '', reason: 'denied' });
    await expect(clear()).rejects.toThrow('the store was not emptied: denied');
  });

  test('clear() rejects when no worker answers in time', async () => {
    vi.useFakeTimers();
    const { page, clear } = await open();
    page.isOurs = false;
    const refused = expect(clear()).rejects.toThrow('no worker answered');
    await vi.advanceTimersByTimeAsync(30_000);
    await refused;
  });

  test('clear() where there are no workers has nothing to do', async () => {
    const { clear } = await open({ hasWorkers: false });
    await expect(clear()).resolves.toBeUndefined();
  });

  test('the worker can make the page prefetch', async () => {
    const { page, stats } = await open();
    await stats();
    page.tell({ action: 'prefetch', url: '/i.png', as: 'image' });
    await vi.waitFor(() => expect(page.hrefs.length).toBe(1));
  });

  test('the worker can ask about a document', async () => {
    const { page, stats } = await open();
    await stats();
    const postMessage = vi.fn();
    const query = {
      html: '<img src="/i.png">',
      url: 'https://shop.example/',
      selectors: [{ selector: 'img' }],
    };
    page.tell({ action: 'query-html', query }, [{ postMessage }]);
    await vi.waitFor(() => expect(postMessage).toHaveBeenCalledOnce());
  });

  test.each([null, 'text', { type: 'CACHE_UPDATED' }])('those of others are ignored: %j', async (message) => {
    const { page, stats } = await open();
    await stats();
    page.tell(message);
    expect(page.hrefs).toEqual([]);
  });
});
