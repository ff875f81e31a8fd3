import { beforeEach, expect, test, vi } from 'vitest';
import { note, use } from './unused.js';

let storage: Record<string, string>;

beforeEach(() => {
  storage = {};
  vi.stubGlobal('localStorage', storage);
});

test('a prefetch is used once', () => {
  note('https://shop.example/a');
  note('https://shop.example/b');
  expect([use('https://shop.example/a'), use('https://shop.example/a')]).toEqual([true, false]);
  note('https://shop.example/a');
  expect(use('https://shop.example/a')).toBe(true);
});

test('no URL is kept, and no more than 200 hashes', () => {
  for (let at = 0; at < 300; at++) note(`https://shop.example/secret${at}`);
  expect(storage.edgio_unused).not.toContain('secret');
  expect(JSON.parse(storage.edgio_unused ?? '')).toHaveLength(200);
});

test('what is older than a day is forgotten', () => {
  vi.useFakeTimers();
  note('https://shop.example/a');
  vi.advanceTimersByTime(25 * 3_600_000);
  expect(use('https://shop.example/a')).toBe(false);
  vi.useRealTimers();
});

test.each(['no json', '{"a":1}', '[1,null,["x"]]'])(
  'what others have stored there does no harm: %s',
  (text) => {
    storage.edgio_unused = text;
    note('https://shop.example/a');
    expect(use('https://shop.example/a')).toBe(true);
  },
);

test('without storage nothing is used', () => {
  vi.stubGlobal('localStorage', undefined);
  note('https://shop.example/a');
  expect(use('https://shop.example/a')).toBe(false);
});
