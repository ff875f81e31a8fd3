// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openPage } from '../testing/openPage.js';

const SHOP = 'https://shop.example';
const MARKS = 'edgio_dt_pf=1&edgio_prefetch=1';

afterEach(() => {
  vi.useRealTimers();
});

describe('without the worker in control', () => {
  const stored = { action: 'report', event: 'prefetch', url: `${SHOP}/a`, status: 200 };

  test('fault 28: the active worker is asked', async () => {
    const { page, prefetch } = await openPage({ isControlled: false });
    page.answer = () => stored;
    await prefetch('/a');
    expect(page.sent).toEqual([{ action: 'fetch-into-store', url: `${SHOP}/a?${MARKS}`, cors: 'anonymous' }]);
  });

  test('fault 28: its answer is the outcome', async () => {
    const { page, prefetch } = await openPage({ isControlled: false });
    page.answer = () => stored;
    expect(await prefetch('/a')).toBe('prefetched');
  });

  test('a worker that does not answer is waited for 30 seconds', async () => {
    const { prefetch } = await openPage({ isControlled: false });
    vi.useFakeTimers();
    const outcome = prefetch('/a');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await outcome).toBe('refused');
  });

  test('a worker that never comes is waited for 10 seconds', async () => {
    const { prefetch } = await openPage({ isControlled: false, isRegistered: false });
    vi.useFakeTimers();
    const outcome = prefetch('/a');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await outcome).toBe('refused');
  });

  test('a worker that cannot be reached is a refusal, and the next call tries anew', async () => {
    const { page, prefetch } = await openPage({ isControlled: false });
    page.answer = () => {
      throw new Error('gone');
    };
    const first = await prefetch('/a');
    page.answer = () => stored;
    expect([first, await prefetch('/a')]).toEqual(['refused', 'prefetched']);
  });

  test('an insecure page refuses with one line on the console', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { prefetch } = await openPage({ hasWorkers: false });
    expect([await prefetch('/a'), await prefetch('/b'), warn.mock.calls.length]).toEqual([
      'refused',
      'refused',
      1,
    ]);
  });
});

describe('without link prefetch', () => {
  test('the page fetches', async () => {
    const { page, prefetch } = await openPage({ hasLinkPrefetch: false });
    expect([await prefetch('/a'), page.links]).toEqual(['prefetched', []]);
  });

  test('the whole response is read', async () => {
    const { prefetch } = await openPage({ hasLinkPrefetch: false });
    const response = new Response('body');
    vi.stubGlobal('fetch', async () => response);
    await prefetch('https://other.example/x');
    expect(response.bodyUsed).toBe(true);
  });

  test('a failing fetch is a refusal', async () => {
    const { page, prefetch } = await openPage({ hasLinkPrefetch: false });
    page.outcome = () => 'error';
    expect(await prefetch('https://other.example/x')).toBe('refused');
  });
});

describe('a worker that reports nothing', () => {
  test('leaves the outcome to the link', async () => {
    const { page, prefetch } = await openPage();
    page.outcome = () => 'load';
    vi.useFakeTimers();
    const outcome = prefetch('/a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await outcome).toBe('prefetched');
  });

  test('and a link that reports nothing either end after 31 seconds', async () => {
    const { page, prefetch } = await openPage();
    page.outcome = () => 'nothing';
    vi.useFakeTimers();
    const outcome = prefetch('/a');
    await vi.advanceTimersByTimeAsync(31_000);
    expect(await outcome).toBe('refused');
  });
});
