// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { options } from '../window/options.js';
import type { Page } from './page.js';

const IDLE = 200;

let queue: typeof import('./queue.js');
let started: string[];
let finish: ((outcome: string) => void)[];
let links: string[];
let page: Page;

beforeEach(async () => {
  vi.resetModules();
  queue = await import('./queue.js');
  vi.useFakeTimers();
  vi.stubGlobal('requestIdleCallback', undefined);
  started = [];
  finish = [];
  links = [];
  const prefetch = (url: string): Promise<string> => {
    started.push(url);
    return new Promise((resolve) => finish.push(resolve));
  };
  page = {
    options: { ...options, maxParallel: 2, maxPrefetches: 3 },
    prefetch,
    warn: vi.fn(),
    loadReader: vi.fn(),
    loadManifest: vi.fn(),
    loadLikely: vi.fn(),
  };
});

afterEach(() => {
  vi.useRealTimers();
});

/** Links come into view. */
function see(...hrefs: string[]): void {
  links.push(...hrefs);
  queue.prefetchVisible(page, () => links.shift());
}

/** Each prefetch ends at once, as `outcome` says. */
function endWith(outcome: (url: string) => string): void {
  page.prefetch = async (url) => {
    started.push(url);
    return outcome(url);
  };
}

const idle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(20 * IDLE);

test('a URL waits for an idle moment', () => {
  see('/a');
  expect(started).toEqual([]);
  vi.advanceTimersByTime(IDLE);
  expect(started).toEqual(['/a']);
});

test('requestIdleCallback names the moment where there is one', () => {
  vi.stubGlobal('requestIdleCallback', (run: () => void) => run());
  see('/a');
  expect(started).toEqual(['/a']);
});

test('maxParallel are under way at most, and no more links are looked at', async () => {
  see('/a', '/b', '/c');
  await idle();
  expect([started, links]).toEqual([['/a', '/b'], ['/c']]);
});

test('the next starts when one has ended', async () => {
  see('/a', '/b', '/c');
  await idle();
  finish[0]?.('prefetched');
  await idle();
  expect(started).toEqual(['/a', '/b', '/c']);
});

test('or when its response is here, although it is not stored yet', async () => {
  page.prefetch = (url, onLoaded) => {
    started.push(url);
    queueMicrotask(() => onLoaded?.());
    return new Promise(() => undefined);
  };
  see('/a', '/b', '/c');
  await idle();
  expect(started).toEqual(['/a', '/b', '/c']);
});

test('one that fails does not stop the others', async () => {
  page.prefetch = (url) => {
    started.push(url);
    return Promise.reject(new Error('failed'));
  };
  see('/a', '/b', '/c');
  await idle();
  expect(started).toEqual(['/a', '/b', '/c']);
});

test('each URL is requested once', async () => {
  see('/a', '/a');
  see('/a');
  await idle();
  expect(started).toEqual(['/a']);
});

test('a link without a URL is passed over', async () => {
  see('', '', '/a');
  await idle();
  expect(started).toEqual(['/a']);
});

test('a long list is worked off in slices', async () => {
  const idles: (() => void)[] = [];
  vi.stubGlobal('requestIdleCallback', (run: () => void) => idles.push(run));
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now() + 6 * (9 - links.length));
  see('', '', '', '/a');
  for (let turn = 0; turn < 4; turn++) idles[turn]?.();
  expect([idles.length > 1, started]).toEqual([true, ['/a']]);
});

describe('the budget', () => {
  beforeEach(() => {
    page.options.maxParallel = 10;
  });

  test('allows maxPrefetches', async () => {
    endWith(() => 'prefetched');
    see('/a', '/b', '/c', '/d');
    await idle();
    expect(started).toEqual(['/a', '/b', '/c']);
  });

  test('is not spent on what is skipped, because it is fresh', async () => {
    endWith((url) => (url < '/x' ? 'skipped' : 'prefetched'));
    see(...'abcdefghijklm'.split('').map((name) => `/${name}`), '/x');
    await idle();
    expect(started.at(-1)).toBe('/x');
  });

  test('is not spent on refusals', async () => {
    endWith((url) => (url < '/x' ? 'refused' : 'prefetched'));
    see('/a', '/b', '/c', '/d', '/x', '/y', '/z', '/z2');
    await idle();
    expect(started).toEqual(['/a', '/b', '/c', '/d', '/x', '/y', '/z']);
  });

  test('but those have a bound, three times as high', async () => {
    endWith(() => 'refused');
    see(...'abcdefghijklm'.split(''));
    await idle();
    expect(started.length).toBe(9);
  });

  test('that is raised later holds for what it left out before', async () => {
    endWith(() => 'prefetched');
    see('/a', '/b', '/c', '/d', '/e');
    await idle();
    page.options.maxPrefetches = 4;
    see();
    await idle();
    expect(started).toEqual(['/a', '/b', '/c', '/d']);
  });
});

describe('what the visitor points at', () => {
  test('starts at once, although the slots are taken', async () => {
    see('/a', '/b');
    await idle();
    queue.prefetchUrgently(page, '/c');
    expect(started).toEqual(['/a', '/b', '/c']);
  });

  test('needs no budget', () => {
    page.options.maxPrefetches = 0;
    queue.prefetchUrgently(page, '/a');
    expect(started).toEqual(['/a']);
  });

  test('is tried again, as often as it is pointed at', () => {
    queue.prefetchUrgently(page, '/a');
    queue.prefetchUrgently(page, '/a');
    expect(started).toEqual(['/a', '/a']);
  });

  test('is not prefetched again when it is seen', async () => {
    queue.prefetchUrgently(page, '/a');
    see('/a');
    await idle();
    expect(started).toEqual(['/a']);
  });
});

describe('renewed', () => {
  test('it has its whole budget again', async () => {
    page.options.maxParallel = 10;
    endWith(() => 'prefetched');
    see('/a', '/b', '/c');
    await idle();
    queue.renewBudget();
    see('/d');
    await idle();
    expect(started).toContain('/d');
  });

  test('it asks again for what it has asked for', async () => {
    see('/a');
    await idle();
    queue.renewBudget();
    see('/a');
    await idle();
    expect(started).toEqual(['/a', '/a']);
  });

  test('what ends later is not taken off the new budget', async () => {
    page.options.maxPrefetches = 1;
    see('/a');
    await idle();
    queue.renewBudget();
    finish[0]?.('refused');
    await idle();
    see('/b', '/c');
    await idle();
    expect(started).toEqual(['/a', '/b']);
  });
});
