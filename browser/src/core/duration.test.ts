import { expect, test } from 'vitest';
import { durationSeconds } from './duration.js';

test.each([
  ['30s', 30],
  ['5m', 300],
  ['1h', 3600],
  ['1d', 86_400],
  ['1w', 604_800],
  ['1y', 31_536_000],
  ['1h30m', 5400],
  ['0s', 0],
  [90, 90],
])('%s is %d seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

test.each(['60', '1H', '2min', '-1h', '1.5h', 'abc1d', '', ' 1h', null, undefined])(
  '%s is not a duration',
  (text) => {
    expect(durationSeconds(text)).toBeNaN();
  },
);
