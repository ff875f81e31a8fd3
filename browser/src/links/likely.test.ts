import { expect, test } from 'vitest';
import { fileOf, hashOf } from './likely.js';

test.each([
  ['/', 1, 0],
  ['/a', 16, 15],
  ['/products/7?color=r\u00e9d', 64, 9],
  ['/\u{1f600}', 1024, 398],
])('the file of %s among %i is the one that the build has put it into', (page, count, file) => {
  expect(fileOf(hashOf(page), count)).toBe(file);
});

test.each([
  ['/', '2a0c975e'],
  ['/products/7?color=r\u00e9d', 'e79b1312'],
])('the hash of %s is the one that the build has written', (page, hash) => {
  expect(hashOf(page).toString(16)).toBe(hash);
});
