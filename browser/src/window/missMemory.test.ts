// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgetMiss, isMissed, rememberMiss, rereadMisses, saveMisses } from './missMemory.js';
import { change } from './options.js';

const KEY = 'https://shop.example/a';

beforeEach(() => {
  vi.useFakeTimers();
  saveMisses();
  sessionStorage.clear();
  rereadMisses();
  change({ missMemorySeconds: 300 });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a URL is not missed at first', () => {
  expect(isMissed(KEY)).toBe(false);
});

test('a miss is remembered', () => {
  rememberMiss(KEY);
  expect(isMissed(KEY)).toBe(true);
});

test('until its time is over', () => {
  rememberMiss(KEY);
  vi.advanceTimersByTime(300_000);
  expect(isMissed(KEY)).toBe(false);
});

test('until the URL is opened; other misses stay', () => {
  rememberMiss(KEY);
  rememberMiss('https://shop.example/b');
  forgetMiss(KEY);
  expect([isMissed(KEY), isMissed('https://shop.example/b')]).toEqual([false, true]);
});

test('old misses leave the storage', async () => {
  rememberMiss(KEY);
  await vi.advanceTimersByTimeAsync(300_000);
  rememberMiss('https://shop.example/b');
  await vi.advanceTimersByTimeAsync(200);
  expect(sessionStorage.getItem('prefetchrouter-misses')).not.toContain(KEY);
});

test('the next page knows of them', async () => {
  rememberMiss(KEY);
  await vi.advanceTimersByTimeAsync(200);
  rereadMisses();
  expect(isMissed(KEY)).toBe(true);
});

test('the next page knows of what has changed just before it, if this one saves that when it ends', async () => {
  rememberMiss(KEY);
  await vi.advanceTimersByTimeAsync(200);
  forgetMiss(KEY);
  rememberMiss('https://shop.example/b');
  saveMisses();
  rereadMisses();
  expect([isMissed(KEY), isMissed('https://shop.example/b')]).toEqual([false, true]);
});

test('a thousand misses read the storage once and write it once', async () => {
  const storage = { getItem: vi.fn(() => null), setItem: vi.fn() };
  vi.stubGlobal('sessionStorage', storage);
  for (let at = 0; at < 1000; at++) if (!isMissed(`${KEY}/${at}`)) rememberMiss(`${KEY}/${at}`);
  await vi.advanceTimersByTimeAsync(200);
  expect([storage.getItem.mock.calls.length, storage.setItem.mock.calls.length]).toEqual([1, 1]);
});

test.each(['{', 'null', '5'])('text of others in the storage is ignored: %s', (text) => {
  sessionStorage.setItem('prefetchrouter-misses', text);
  expect(isMissed(KEY)).toBe(false);
});

test('a storage that is denied hurts nothing', () => {
  vi.stubGlobal('sessionStorage', {
    getItem: () => {
      throw new Error('denied');
    },
  });
  rememberMiss(KEY);
  forgetMiss(KEY);
  expect(isMissed(KEY)).toBe(false);
});
