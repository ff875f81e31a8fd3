/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fileOf, hashOf, rowOf } from './likely.js';

interface Case {
  text: string;
  rows: [page: string, row: [url: string, p: number][]][];
}

/** Files as Python writes them, with the rows that Python reads in them. */
const CASES: Case[] = JSON.parse(
  readFileSync(new URL('../../../tests/navigation/page_files.json', import.meta.url), 'utf8'),
);

test.each(CASES)('the rows of a file are those that Python has written: %#', ({ text, rows }) => {
  const read = rows.map(([page]) => [page, Object.entries(rowOf(JSON.parse(text), [page]) ?? {})]);
  expect(read).toEqual(rows);
});

test('a page has the row of the first of its names that has one', () => {
  const file: [string, string] = ['##7f\n#/\n$a', '#%(\n\n#$$'];
  expect(rowOf(file, ['/', '#7f'])).toEqual({ '/a': 0.35 });
  expect(rowOf(file, ['/a', '#7f'])).toEqual({ '/': 0.02 });
  expect(rowOf(file, ['/b', '#8'])).toBeUndefined();
});

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
