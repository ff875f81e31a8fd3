/** The npm package as sites bundle it: built, through its public entry points. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const ENTRIES = Object.keys(exports)
  .filter((entry) => !entry.endsWith('.json'))
  .map((entry) => entry.replace('.', 'prefetchrouter'));

/** What a page loads at once of a site's bundle of one line of module source; parts loaded when needed are apart. */
async function bundled(source: string): Promise<string> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    stdin: { contents: source, resolveDir: ROOT },
    external: ['react', 'vue'],
    bundle: true,
    splitting: true,
    outdir: 'out',
    metafile: true,
    minify: true,
    write: false,
    format: 'esm',
    logLevel: 'silent',
  });
  const loaded: string[] = [];
  function load(name: string): void {
    if (loaded.includes(name)) return;
    loaded.push(name);
    for (const { path, kind, external } of metafile.outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && !external) load(path);
    }
  }
  load('out/stdin.js');
  const texts = new Map(outputFiles.map(({ path, text }) => [relative(ROOT, path), text]));
  return loaded.map((name) => texts.get(name)).join('');
}

const size = (text: string): number => gzipSync(text).length;

it.each(ENTRIES)('%s can be imported, and costs nothing when nothing of it is used', async (entry) => {
  expect(await bundled(`import * as all from '${entry}'; export const used = 1;`)).toMatch(
    /^var \w+=1;export/,
  );
});

describe('a site that imports', () => {
  it('createNextDataURL gets a few lines and nothing that prefetches', async () => {
    const text = await bundled(`export { createNextDataURL } from 'prefetchrouter/next/client';`);
    expect(text).not.toMatch(/serviceWorker|IntersectionObserver/);
    expect(size(text)).toBeLessThan(800);
  });

  it('the React component gets no Vue, no manifest and no registration', async () => {
    const text = await bundled(`export { Prefetch } from 'prefetchrouter/react';`);
    expect(text).toMatch(/from"react"/);
    expect(text).not.toMatch(/from"vue"|serviceWorker\.register|service_worker_max_age/);
    expect(size(text)).toBeLessThan(5_200);
  });

  it('the Vue component gets no React, no manifest and no registration', async () => {
    const text = await bundled(`export { Prefetch } from 'prefetchrouter/vue';`);
    expect(text).toMatch(/from"vue"/);
    expect(text).not.toMatch(/from"react"|serviceWorker\.register|service_worker_max_age/);
  });

  it('Prefetcher gets no deep fetch', async () => {
    const text = await bundled(`export { Prefetcher } from 'prefetchrouter/sw';`);
    expect(text).not.toMatch(/jsonQuery|selector/);
  });

  it('deep fetch gets no HTML parser: less than 3 kB', async () => {
    const text = await bundled(`export { default } from 'prefetchrouter/sw/DeepFetchPlugin';`);
    expect(text).toMatch(/jsonQuery/);
    expect(size(text)).toBeLessThan(3_000);
  });
});
