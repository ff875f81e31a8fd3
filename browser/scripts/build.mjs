/**
 * Builds `dist/` (the npm package) and the files that the Python package serves.
 *
 * With --check nothing is written: it fails when the committed files are not what the sources make.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
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
    entryPoints: [
      'src/window/index.ts',
      'src/window/install.ts',
      'src/sw/index.ts',
      'src/deepfetch/index.ts',
      'src/react/index.ts',
      'src/vue/index.ts',
      'src/vue/Prefetch.ts',
      'src/next/index.ts',
    ],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    chunkNames: 'shared/[hash]',
    packages: 'external',
  });
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  execFileSync(process.execPath, [tsc, '--project', `${root}tsconfig.dist.json`], { stdio: 'inherit' });
}
