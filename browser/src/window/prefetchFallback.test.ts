// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openPage } from '../testing/openPage.js';

const SHOP = 'https://shop.example';
const MARKS = 'edgio_dt_pf=1&edgio_prefetch=1';

afterEach(() => {
  vi.useRealTimers();
});

describe('without the worker in control', () => {
  test('fault 28: the active worker gets the request', async () => {
    const { page, prefetch } = await openPage({ isControlled: false });
    await prefetch('/a');
    expect(page.prefetches).toMatchObject([{ url: `${SHOP}/a?${MARKS}` }]);
  });

  test('fault 28: its answer is the outcome', async () => {
    const { page, prefetch } = await openPage({ isControlled: false });
    page.outcome = () => ({ event: 'refused', reason: 'private' });
    expect(await prefetch('/a')).toBe('refused');
  });

  test('a worker that does not answer any more is waited for 30 seconds', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/first');
    page.outcome = () => 'nothing';
    vi.useFakeTimers();
    const outcome = prefetch('/a');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await outcome).toBe('refused');
  });

  test('a worker that cannot be reached is a refusal, and the next call tries anew', async () => {
    const { page, prefetch } = await openPage({ isControlled: false });
    page.answer = () => {
      throw new Error('gone');
    };
    const first = await prefetch('/a');
    page.answer = () => undefined;
    expect([first, await prefetch('/a')]).toEqual(['refused', 'prefetched']);
  });

  test('an insecure page refuses with one line on the console', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { prefetch } = await openPage({ hasWorkers: false });
    const outcomes = [await prefetch('/a'), await prefetch('/b')];
    expect([...outcomes, warn.mock.calls.length]).toEqual(['refused', 'refused', 1]);
  });
});

describe('before there is a worker', () => {
  /** A page whose worker becomes active when a test says so. */
  async function early() {
    const opened = await openPage({ isControlled: false });
    const { active } = opened.page.registration;
    opened.page.registration.active = null;
    const workers = navigator.serviceWorker as unknown as { ready: Promise<unknown> };
    let activate = (): void => undefined;
    workers.ready = new Promise((resolve) => {
      activate = () => {
        opened.page.registration.active = active;
        resolve(opened.page.registration);
      };
    });
    return { ...opened, activate };
  }

  test('the page fetches at once, and hands over what came', async () => {
    const { page, prefetch, activate } = await early();
    const outcome = prefetch('/a');
    await vi.waitFor(() => expect(page.hrefs).toEqual([`${SHOP}/a?${MARKS}`]));
    const before = page.sent.length;
    activate();
    expect([await outcome, before, page.hrefs.length]).toEqual(['prefetched', 0, 1]);
    expect(page.prefetches).toMatchObject([{ url: `${SHOP}/a?${MARKS}`, isSent: true }]);
    const body = new TextEncoder().encode('body').buffer;
    await vi.waitFor(() => expect(page.delivered).toMatchObject([{ status: 200, body }]));
  });

  test('what is still coming then is announced, so that a click can wait for it', async () => {
    const { page, prefetch, activate } = await early();
    vi.stubGlobal('fetch', () => new Promise(() => undefined));
    void prefetch('/a');
    activate();
    await vi.waitFor(() => expect(page.prefetches).toMatchObject([{ isSent: true }]));
    expect(page.delivered).toEqual([]);
  });

  test('what the browser caches is requested by the worker too, from that cache', async () => {
    const { page, prefetch, activate } = await early();
    const headers = { 'cache-control': 'max-age=60' };
    vi.stubGlobal('fetch', async () => new Response('body', { headers }));
    void prefetch('/a');
    activate();
    await vi.waitFor(() => expect(page.delivered).toEqual([null]));
  });

  test('it ends with the page', async () => {
    const { page, prefetch, install, activate } = await early();
    vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', { rules: [] });
    void install();
    let signal: AbortSignal | undefined;
    vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
      signal = init.signal ?? undefined;
      return new Promise(() => undefined);
    });
    page.outcome = () => 'nothing';
    void prefetch('/a');
    activate();
    await vi.waitFor(() => expect(page.prefetches.length).toBe(1));
    dispatchEvent(new Event('pagehide'));
    await vi.waitFor(() => expect(page.delivered).toMatchObject([{ status: 0 }]));
    expect(signal?.aborted).toBe(true);
  });

  test('a click on another link ends it, and the worker makes way', async () => {
    const { page, prefetch, install, activate } = await early();
    vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', { rules: [] });
    void install();
    vi.stubGlobal('fetch', () => new Promise(() => undefined));
    page.outcome = () => 'nothing';
    for (const url of ['/a', '/b']) void prefetch(url);
    activate();
    await vi.waitFor(() => expect(page.prefetches.length).toBe(2));
    Object.assign(navigator.serviceWorker, { controller: page.registration.active });
    document.body.innerHTML = '<a href="/b#part">b</a>';
    const link = document.querySelector('a');
    // The fake browser has to stay on its page.
    link?.addEventListener('click', (event) =>
      Object.defineProperty(event, 'defaultPrevented', { value: false }),
    );
    link?.click();
    await vi.waitFor(() => expect(page.delivered).toMatchObject([{ status: 0 }]));
    expect(page.sent.at(-1)).toEqual({ action: 'make-way', url: `${SHOP}/b` });
  });

  test('what the edge refuses is known at once', async () => {
    const { page, prefetch } = await early();
    page.outcome = () => ({ event: 'refused', status: 412 });
    expect([await prefetch('/a'), page.sent]).toEqual(['refused', []]);
  });

  test('what a policy of the page forbids waits for the worker', async () => {
    const { page, prefetch, activate } = await early();
    page.outcome = () => 'error';
    const outcome = prefetch('/a');
    await vi.waitFor(() => expect(page.hrefs.length).toBe(1));
    page.outcome = () => ({ event: 'prefetch' });
    activate();
    expect([await outcome, page.prefetches.length]).toEqual(['prefetched', 1]);
    await vi.waitFor(() => expect(page.delivered).toEqual([null]));
  });

  test('a worker that never comes is waited for 10 seconds', async () => {
    const { prefetch } = await early();
    vi.useFakeTimers();
    const outcome = prefetch('/a');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await outcome).toBe('refused');
  });
});

describe('a page that registers no worker', () => {
  test('is refused at once, when it has loaded', async () => {
    const { prefetch } = await openPage({ isControlled: false, isRegistered: false });
    const outcome = prefetch('/a');
    expect(await outcome).toBe('refused');
  });

  test('waits for one that is registered by the site', async () => {
    const { page, prefetch } = await openPage({ isControlled: false, isRegistered: false });
    const workers = navigator.serviceWorker as unknown as { getRegistration: () => Promise<unknown> };
    workers.getRegistration = async () => page.registration;
    vi.useFakeTimers();
    let isOver = false;
    void prefetch('/a').then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(9000);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(9000);
    expect(isOver).toBe(true);
  });
});

test('a storage that is full has one line on the console', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const { page, prefetch } = await openPage();
  page.outcome = () => ({ event: 'refused', reason: 'QuotaExceededError: no room' });
  expect([await prefetch('/a'), await prefetch('/b')]).toEqual(['refused', 'refused']);
  expect(warn.mock.calls).toEqual([[expect.stringContaining('the storage of this browser is full')]]);
});

test('a worker that is not one of ours is not waited for twice', async () => {
  const { page, prefetch } = await openPage();
  page.isOurs = false;
  vi.useFakeTimers();
  const outcome = prefetch('/a');
  await vi.advanceTimersByTimeAsync(20_000);
  expect([await outcome, page.hrefs]).toEqual(['refused', []]);
});

describe('another origin', () => {
  const url = 'https://other.example/x';

  test('is prefetched by a link, without a worker or a mark', async () => {
    const { page, prefetch } = await openPage({ isRegistered: false, isControlled: false });
    page.outcome = () => 'load';
    const config = { maxAgeSeconds: 60, cors: false } as const;
    expect(await prefetch(url, 'image', config)).toBe('prefetched');
    expect(page.links).toEqual([{ rel: 'prefetch', as: 'image', href: `${url}?edgio_prefetch_ttl=60` }]);
  });

  test.each(['load', 'error'] as const)('leaves no link after %s', async (event) => {
    const { page, prefetch } = await openPage();
    page.outcome = () => event;
    const remove = vi.spyOn(HTMLLinkElement.prototype, 'remove');
    await prefetch(url, 'style');
    expect(remove).toHaveBeenCalledOnce();
  });

  test('is fetched where there is no link prefetch, and read to its end', async () => {
    const { page, prefetch } = await openPage({ hasLinkPrefetch: false });
    const response = new Response('body');
    vi.stubGlobal('fetch', async () => response);
    expect([await prefetch(url), page.links, response.bodyUsed]).toEqual(['prefetched', [], true]);
  });

  test('is fetched when a link prefetch says nothing for five seconds', async () => {
    const { page, prefetch } = await openPage();
    page.outcome = () => 'nothing';
    vi.useFakeTimers();
    const outcome = prefetch(url);
    await vi.advanceTimersByTimeAsync(5000);
    expect([await outcome, page.hrefs.length]).toEqual(['prefetched', 2]);
  });

  test('that cannot be fetched is a refusal', async () => {
    const { page, prefetch } = await openPage({ hasLinkPrefetch: false });
    page.outcome = () => 'error';
    expect(await prefetch(url)).toBe('refused');
  });
});
