/**
 * Builds the runtime that the Python package ships.
 *
 * `runtime.js` is the whole runtime, cut into its modules: before each stands a comment with its name and those that
 * it needs. They share their scope, in which names are short, so that the package puts only those into a worker.js
 * that its rules need, without a bundler.
 *
 * With --check nothing is written: it fails when the committed files are not what the sources make.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { shortened } from './short-names.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = fileURLToPath(new URL('../../src/prefetchrouter/targets/worker/runtime/', import.meta.url));
const RUNTIME = 'src/adapters/full.ts';
const ADAPTERS = {
  server: 'server',
  netlify: 'netlify',
  memory: 'memory',
  workerd: 'workerd',
  cache: 'cacheService',
};

/** Adapters import what lies beside them as it is. */
const besides = {
  name: 'beside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/(?:worker|memory)\.ts$/ }, ({ path }) => ({
      path: path.replace('.ts', '.js'),
      external: true,
    }));
  },
};

const bundled = (source, options) =>
  build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    external: ['node:*'],
    legalComments: 'none',
    plugins: [besides],
    ...options,
  });

async function adapter(source) {
  const { outputFiles } = await bundled(`src/adapters/${source}.ts`, {});
  return outputFiles[0].text;
}

/** The names of all properties in an adapter. */
async function propertiesOf(source) {
  const { mangleCache } = await bundled(`src/adapters/${source}.ts`, { mangleProps: /./, mangleCache: {} });
  return Object.keys(mangleCache);
}

const nameOf = (path) => path.replace(/^src\//, '').replace(/\.ts$/, '');

/** The modules of the runtime in their order: name, names of those that it needs, and text. */
async function modules() {
  const mangleProps = await shortened(propertiesOf, Object.values(ADAPTERS));
  const options = { minifySyntax: true, minifyIdentifiers: true, mangleProps, metafile: true };
  const { outputFiles, metafile } = await bundled(RUNTIME, options);
  const [output] = Object.values(metafile.outputs);
  const hasText = (path) => output.inputs[path]?.bytesInOutput > 0;
  // A module without its own text re-exports what it imports.
  const needs = (path) =>
    metafile.inputs[path].imports
      .filter(({ external }) => !external)
      .flatMap((one) => (hasText(one.path) ? [nameOf(one.path)] : needs(one.path)));
  const [, ...pieces] = outputFiles[0].text.split(/^\/\/ (src\/\S+\.ts)\n/m);
  const found = [];
  for (let at = 0; at < pieces.length; at += 2) {
    const path = pieces[at];
    const [own, exported] = pieces[at + 1].split(/^(?=export \{$)/m);
    const { code } = await transform(own, { minifyWhitespace: true, target: 'es2022' });
    if (code.trim()) found.push([nameOf(path), [...new Set(needs(path))].sort(), code.trim()]);
    if (exported) found.push(['exports', [], exported.replace(/\s+/g, ' ').trim()]);
  }
  return found;
}

const runtime = async () =>
  (await modules())
    .map(([name, needs, text]) => `//# ${[`${name}:`, ...needs].join(' ')}\n${text}\n`)
    .join('');

const outdated = [];
mkdirSync(folder, { recursive: true });
const texts = { 'runtime.js': await runtime() };
for (const [name, source] of Object.entries(ADAPTERS)) texts[`${name}.js`] = await adapter(source);
for (const [name, text] of Object.entries(texts)) {
  const path = folder + name;
  let committed = '';
  try {
    committed = readFileSync(path, 'utf8');
  } catch {
    // Not built yet.
  }
  if (name === 'runtime.js')
    console.log(`${name}: ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} with gzip`);
  if (committed === text) continue;
  if (process.argv.includes('--check')) outdated.push(path);
  else writeFileSync(path, text);
}

if (outdated.length) {
  console.error(`not what the sources make, run "npm run build":\n${outdated.join('\n')}`);
  process.exit(1);
}
