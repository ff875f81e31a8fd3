/**
 * Builds `dist/` (the npm package) and the files that the Python package serves.
 *
 * With --check nothing is written: it fails when the committed files are not what the sources make.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { entrySources } from './entries.mjs';
import { served } from './served.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const outdated = [];
for (const { path, text } of await served()) {
  let committed = '';
  try {
    committed = readFileSync(path, 'utf8');
  } catch {
    // Not built yet.
  }
  if (committed === text) continue;
  if (process.argv.includes('--check')) outdated.push(path);
  else writeFileSync(path, text);
}

if (outdated.length) {
  console.error(`not what the sources make, run "npm run build":\n${outdated.join('\n')}`);
  process.exit(1);
}

if (!process.argv.includes('--check')) {
  rmSync(`${root}dist`, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: entrySources(),
    outbase: 'src',
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    chunkNames: 'shared/[hash]',
    packages: 'external',
    // Without it esbuild decides now, for the library, what only the build of the app that imports it knows.
    define: { 'process.env.NODE_ENV': 'process.env.NODE_ENV' },
  });
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  execFileSync(process.execPath, [tsc, '--project', `${root}tsconfig.dist.json`], { stdio: 'inherit' });
  removeUnreachedTypes(`${root}dist`);
}

/** Leaves of the declarations those that an entry point leads to: the others are of no use outside. */
function removeUnreachedTypes(dist) {
  const reached = new Set();
  function reach(file) {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g))
      reach(join(dirname(file), `${path}.d.ts`));
  }
  for (const source of entrySources())
    reach(join(root, source.replace(/^src/, 'dist').replace(/\.ts$/, '.d.ts')));
  for (const name of readdirSync(dist, { recursive: true })) {
    const file = join(dist, name);
    if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
  }
}
