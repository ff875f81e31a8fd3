import { expect, test } from 'vitest';
import { maxAgeSeconds } from './cacheControl.js';

test.each([
  ['max-age=60', 60],
  ['max-age=60,public', 60],
  ['public,max-age=60', 60],
  ['max-age=1.9', 1],
  ['max-age=-5', 0],
  ['max-age=60; foo', 60],
  ['no-store', 0],
  ['no-cache', 0],
  ['max-age=60, no-store', 0],
  ['max-age=0', 0],
])('%s is %d seconds', (header, seconds) => {
  expect(maxAgeSeconds(header)).toBe(seconds);
});

test.each(['public, max-age=60', 'MAX-AGE=60', 'max-age="60"', 'max-age = 60'])(
  'fault 11: %s is 60 seconds',
  (header) => {
    expect(maxAgeSeconds(header)).toBe(60);
  },
);

test.each([null, '', 'public', 'max-age', 'max-age=abc'])('%s says nothing', (header) => {
  expect(maxAgeSeconds(header)).toBeNaN();
});
