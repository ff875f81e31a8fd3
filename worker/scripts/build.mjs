/**
 * Builds the runtime that the Python package ships.
 *
 * With --check nothing is written: it fails when the committed files are not what the sources make.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = fileURLToPath(new URL('../../src/prefetchrouter/targets/worker/runtime/', import.meta.url));

/** The runtime with the adapter for Cloudflare, and the adapters that import it. */
const FILES = [
  { name: 'worker.js', source: 'src/adapters/cloudflare.ts', minify: true },
  { name: 'server.js', source: 'src/adapters/server.ts', minify: false },
  { name: 'netlify.js', source: 'src/adapters/netlify.ts', minify: false },
  { name: 'cache.js', source: 'src/adapters/cacheService.ts', minify: false },
];

/** Adapters import the built worker, which lies beside them. */
const besides = {
  name: 'beside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/worker\.ts$/ }, () => ({ path: './worker.js', external: true }));
  },
};

async function built({ name, source, minify }) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    minify,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    external: ['node:*'],
    legalComments: 'none',
    plugins: [besides],
  });
  return { path: folder + name, text: outputFiles[0].text };
}

const outdated = [];
mkdirSync(folder, { recursive: true });
for (const file of FILES) {
  const { path, text } = await built(file);
  let committed = '';
  try {
    committed = readFileSync(path, 'utf8');
  } catch {
    // Not built yet.
  }
  if (file.minify)
    console.log(`${file.name}: ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} with gzip`);
  if (committed === text) continue;
  if (process.argv.includes('--check')) outdated.push(path);
  else writeFileSync(path, text);
}

if (outdated.length) {
  console.error(`not what the sources make, run "npm run build":\n${outdated.join('\n')}`);
  process.exit(1);
}
