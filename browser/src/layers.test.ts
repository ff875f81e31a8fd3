/** Imports point one way: each folder knows only those before it, and no module leads back to itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseAst } from 'vitest/node';

/** Each may import earlier ones, and its own modules. */
const LAYERS = [
  ['core'],
  ['sw', 'links'],
  ['overlay', 'measure'],
  ['deepfetch'],
  ['window'],
  ['components', 'next', 'testing'],
  ['react', 'vue'],
];

/** Imports that lead out of `src`; with the reason. */
const OUTSIDE = {
  'core/names.ts ../../src/prefetchrouter/static/names.json': 'written once, for Python and for the browser',
  'overlay/looks.ts ../../src/prefetchrouter/static/look.json':
    'written once, for Python and for the browser',
};

const ROOT = dirname(fileURLToPath(import.meta.url));
const HEIGHTS = new Map(LAYERS.flatMap((folders, height) => folders.map((folder) => [folder, height])));
const MODULES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|\.d\.ts$/.test(name))
  .sort();

/** What a text imports: for its types, for its effects, when it is needed, or to export it again. */
function imported(text: string, lang: 'ts' | 'tsx'): string[] {
  const found: string[] = [];
  function visit(node: unknown): void {
    if (typeof node !== 'object' || node === null) return;
    const { type, source, expression } = node as Record<string, { value?: unknown } | string | undefined>;
    const names = /Import|Export/.test(String(type)) ? source : undefined;
    const required = type === 'TSExternalModuleReference' ? expression : undefined;
    for (const name of [names, required]) {
      if (typeof name === 'object' && typeof name?.value === 'string') found.push(name.value);
    }
    Object.values(node).forEach(visit);
  }
  visit(parseAst(text, { lang }));
  return found;
}

/** The modules of ours that a module imports, as paths below `src`. */
function importedBy(module: string): string[] {
  const text = readFileSync(join(ROOT, module), 'utf8');
  return imported(text, module.endsWith('x') ? 'tsx' : 'ts')
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(module), name).replaceAll('\\', '/'))
    .map((name) => MODULES.find((other) => other.replace(/\.tsx?$/, '.js') === name) ?? name);
}

const folder = (module: string): string => module.slice(0, module.indexOf('/'));

test.each([
  ["import { a } from './a.js';", './a.js'],
  ["import type { A } from './a.js';", './a.js'],
  ["import { type A } from './a.js';", './a.js'],
  ["import './a.js';", './a.js'],
  ["export * from './a.js';", './a.js'],
  ["export type { A } from './a.js';", './a.js'],
  ["export { a } from './a.js';", './a.js'],
  ["function f() { return import('./a.js'); }", './a.js'],
  ["let a: import('./a.js').A;", './a.js'],
  ["let a: typeof import('./a.js');", './a.js'],
  ["import a = require('./a.js');", './a.js'],
])('an import is seen however it is written: %s', (text, name) => {
  expect(imported(text, 'ts')).toEqual([name]);
});

test('each folder has a layer and imports only from layers before it', () => {
  const wrong = MODULES.flatMap((module) => {
    const own = HEIGHTS.get(folder(module));
    if (own === undefined) return [`${module} needs a layer`];
    return importedBy(module)
      .filter((other) => folder(other) !== folder(module))
      .filter((other) => !((HEIGHTS.get(folder(other)) ?? own) < own))
      .map((other) => `${module} ${other}`);
  });
  expect(wrong).toEqual(Object.keys(OUTSIDE));
});

test('no module leads back to itself, not even for its types', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  function follow(module: string, way: string[]): void {
    if (way.includes(module)) circles.push([...way.slice(way.indexOf(module)), module].join(' -> '));
    if (done.has(module) || !MODULES.includes(module)) return;
    done.add(module);
    for (const other of importedBy(module)) follow(other, [...way, module]);
  }
  for (const module of MODULES) follow(module, []);
  expect(circles).toEqual([]);
});
