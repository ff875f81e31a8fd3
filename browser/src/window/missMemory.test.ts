// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgetMiss, isMissed, rememberMiss } from './missMemory.js';
import { configure } from './options.js';

const KEY = 'https://shop.example/a';

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  configure({ missMemorySeconds: 300 });
});

afterEach(() => {
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

test('old misses leave the storage', () => {
  rememberMiss(KEY);
  vi.advanceTimersByTime(300_000);
  rememberMiss('https://shop.example/b');
  expect(sessionStorage.getItem('prefetchrouter-misses')).not.toContain(KEY);
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
