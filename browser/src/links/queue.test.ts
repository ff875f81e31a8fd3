// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { options } from '../window/options.js';
import type { Page } from './page.js';
import { Queue } from './queue.js';

const IDLE = 200;

let started: string[];
let finish: (() => void)[];
let page: Page;
let queue: Queue;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestIdleCallback', undefined);
  started = [];
  finish = [];
  const prefetch = (url: string): Promise<void> => {
    started.push(url);
    return new Promise((resolve) => finish.push(resolve));
  };
  page = { options: { ...options, maxParallel: 2, maxPrefetches: 3 }, prefetch, warn: vi.fn() };
  queue = new Queue(page);
});

afterEach(() => {
  vi.useRealTimers();
});

test('a URL waits for an idle moment', () => {
  queue.add('/a', false);
  expect(started).toEqual([]);
});

test('and starts then', () => {
  queue.add('/a', false);
  vi.advanceTimersByTime(IDLE);
  expect(started).toEqual(['/a']);
});

test('requestIdleCallback names the moment where there is one', () => {
  vi.stubGlobal('requestIdleCallback', (run: () => void) => run());
  queue.add('/a', false);
  expect(started).toEqual(['/a']);
});

test('maxParallel are under way at most', () => {
  for (const url of ['/a', '/b', '/c']) queue.add(url, false);
  vi.advanceTimersByTime(10 * IDLE);
  expect(started).toEqual(['/a', '/b']);
});

test('the next starts when one has ended', async () => {
  for (const url of ['/a', '/b', '/c']) queue.add(url, false);
  vi.advanceTimersByTime(IDLE);
  finish[0]?.();
  await vi.advanceTimersByTimeAsync(IDLE);
  expect(started).toEqual(['/a', '/b', '/c']);
});

test('one that fails does not stop the others', async () => {
  page.prefetch = (url) => {
    started.push(url);
    return Promise.reject(new Error('failed'));
  };
  for (const url of ['/a', '/b', '/c']) queue.add(url, false);
  await vi.advanceTimersByTimeAsync(10 * IDLE);
  expect(started).toEqual(['/a', '/b', '/c']);
});

test('each URL is asked for once', async () => {
  queue.add('/a', false);
  queue.add('/a', false);
  await vi.advanceTimersByTimeAsync(10 * IDLE);
  expect(started).toEqual(['/a']);
});

test('maxPrefetches visible links are prefetched at most', async () => {
  page.options.maxParallel = 10;
  for (const url of ['/a', '/b', '/c', '/d']) queue.add(url, false);
  await vi.advanceTimersByTimeAsync(10 * IDLE);
  expect(started).toEqual(['/a', '/b', '/c']);
});

test('what is skipped, because it is fresh, is not counted', async () => {
  page.prefetch = async (url) => {
    started.push(url);
    return url < '/d' ? 'skipped' : 'prefetched';
  };
  for (const url of ['/a', '/b', '/c', '/d']) queue.add(url, false);
  await vi.advanceTimersByTimeAsync(10 * IDLE);
  expect(started).toEqual(['/a', '/b', '/c', '/d']);
});

test('what the budget has refused is prefetched when the user points at it', async () => {
  page.options.maxPrefetches = 0;
  queue.add('/a', false);
  await vi.advanceTimersByTimeAsync(IDLE);
  queue.add('/a', true);
  await vi.advanceTimersByTimeAsync(IDLE);
  expect(started).toEqual(['/a']);
});

test('what the user points at is not counted', async () => {
  page.options.maxPrefetches = 0;
  queue.add('/a', true);
  await vi.advanceTimersByTimeAsync(IDLE);
  expect(started).toEqual(['/a']);
});

test('what the user points at comes first', async () => {
  page.options.maxParallel = 1;
  for (const url of ['/a', '/b']) queue.add(url, false);
  queue.add('/c', true);
  await vi.advanceTimersByTimeAsync(IDLE);
  expect(started).toEqual(['/c']);
});

test('also when it waits already', async () => {
  page.options.maxParallel = 1;
  for (const url of ['/a', '/b', '/c']) queue.add(url, false);
  queue.add('/c', true);
  await vi.advanceTimersByTimeAsync(IDLE);
  expect(started).toEqual(['/c']);
});

test('a budget that is raised later holds for what it refused before', () => {
  page.options.maxParallel = 10;
  for (const url of ['/a', '/b', '/c', '/d', '/e']) queue.add(url, false);
  page.options.maxPrefetches = 4;
  queue.add('/d', false);
  vi.advanceTimersByTime(IDLE);
  expect(started).toEqual(['/a', '/b', '/c', '/d']);
});

describe('renewed', () => {
  test('it has its whole budget again', async () => {
    for (const url of ['/a', '/b', '/c']) queue.add(url, false);
    await vi.advanceTimersByTimeAsync(IDLE);
    for (const end of finish) end();
    queue.renew();
    queue.add('/d', false);
    await vi.advanceTimersByTimeAsync(IDLE);
    expect(started).toContain('/d');
  });

  test('it asks again for what it has asked for', async () => {
    queue.add('/a', false);
    await vi.advanceTimersByTimeAsync(IDLE);
    queue.renew();
    queue.add('/a', false);
    await vi.advanceTimersByTimeAsync(IDLE);
    expect(started).toEqual(['/a', '/a']);
  });

  test('it forgets what waits', async () => {
    queue.add('/a', false);
    queue.renew();
    await vi.advanceTimersByTimeAsync(IDLE);
    expect(started).toEqual([]);
  });
});
