import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const page = readFileSync(at('../../docs/browser-faults.md'), 'utf8');
const rows = [...page.matchAll(/^\| (\d+b?) \|[^|]*\|[^|]*\| `([^`]+)`: ([^|]+) \|/gm)].map(
  ([, number, file, title]) => ({ number, path: at(`../${file}`), title: title ?? '' }),
);
const paths = [...page.matchAll(/`((?:src|e2e)\/[^`]+)`/g)].map(([, path]) => path ?? '');

test('the page of faults has a row for each of them', () => {
  const numbers = Array.from({ length: 29 }, (_, index) => String(index + 1));
  numbers.splice(10, 0, '10b');
  expect(rows.map(({ number }) => number)).toEqual(numbers);
});

describe('the test that the page of faults names is there', () => {
  test.each(rows)('for fault $number', ({ path, title }) => {
    expect(existsSync(path) && readFileSync(path, 'utf8')).toContain(title);
  });
});

test('every path of the page of faults is there', () => {
  expect(paths.filter((path) => !existsSync(at(`../${path}`)))).toEqual([]);
});
