import { expect, test, vi } from 'vitest';
import { ageSeconds } from './age.js';

test('is what Age says', () => {
  expect(ageSeconds(new Headers({ age: '100' }))).toBe(100);
});

test('is the time since Date where that is longer', () => {
  vi.useFakeTimers({ now: new Date('2026-01-01T00:01:00Z') });
  expect(ageSeconds(new Headers({ age: '10', date: 'Thu, 01 Jan 2026 00:00:00 GMT' }))).toBe(60);
  vi.useRealTimers();
});

test('is zero when neither can be read, or the clock of the server is ahead', () => {
  const headers = { age: 'x', date: 'Thu, 01 Jan 2099 00:00:00 GMT' };
  expect(ageSeconds(new Headers(headers))).toBe(0);
});
