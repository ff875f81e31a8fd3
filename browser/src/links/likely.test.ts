import { expect, test } from 'vitest';
import { fileOf } from './likely.js';

test.each([
  ['/', 1, 0],
  ['/a', 16, 15],
  ['/products/7?color=r\u00e9d', 64, 9],
  ['/\u{1f600}', 1024, 398],
])('the file of %s among %i is the one that the build has put it into', (page, count, file) => {
  expect(fileOf(page, count)).toBe(file);
});
