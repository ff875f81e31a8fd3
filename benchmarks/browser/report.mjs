/** Prints what was measured as tables, and writes them with a picture into the documentation. */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { picture } from './picture.mjs';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));

/** The columns in their order, each with its heading. */
const COLUMNS = {
  'first prefetch': 'first prefetch',
  'bytes before': 'bytes before it',
  'click, under way': 'click, under way',
  'click, under way: bytes': 'its bytes',
  'click, under way, 2nd page': '2nd page',
  'click, under way, 2nd page: bytes': 'its bytes',
  'click after it': 'click after it',
  'click elsewhere, first byte': 'click elsewhere',
  'script, 1,000 links': 'script, 1,000 links',
  'tasks, 1,000 links': 'all tasks',
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** The medians of each mode, by column. */
export const medians = (found) =>
  Object.fromEntries(
    Object.entries(found).map(([mode, figures]) => [
      mode,
      Object.fromEntries(Object.entries(figures).map(([column, numbers]) => [column, median(numbers)])),
    ]),
  );

/** A table in Markdown. */
export function table(name, modes) {
  const columns = Object.keys(COLUMNS).filter((column) =>
    Object.values(modes).some((figures) => column in figures),
  );
  const lines = Object.entries(modes).map(([mode, figures]) => {
    const cells = columns.map((column) =>
      column in figures ? Math.round(figures[column]).toLocaleString('en') : '',
    );
    return `| ${mode} | ${cells.join(' | ')} |`;
  });
  const heads = columns.map((column) => COLUMNS[column]).join(' | ');
  return [`| ${name} | ${heads} |`, `|---|${columns.map(() => '---:|').join('')}`, ...lines].join('\n');
}

/** Replaces the tables and the picture in docs/browser.md; `load` is the machine's at the beginning. */
export function write(tables, runs, load, chromium) {
  const path = `${DOCS}browser.md`;
  const text = readFileSync(path, 'utf8');
  const loads = [load, loadavg()[0]].map(Math.round).join(' to ');
  const said = `Medians of ${runs}, in milliseconds, on two cores at load ${loads}:`;
  const made = ['<!-- compare -->', said, ...tables, '![The clicks of the first table](images/compare.svg)'];
  const found = /<!-- compare -->.*(?=\n\n<!-- end of compare -->)/s;
  writeFileSync(path, text.replace(found, made.join('\n\n')));
  writeFileSync(`${DOCS}images/compare.svg`, picture(chromium));
}
