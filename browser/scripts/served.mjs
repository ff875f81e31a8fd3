import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = fileURLToPath(new URL('../../src/prefetchrouter/static/', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** The files that the Python package serves; those of a page load each other by relative address. */
const FILES = [
  {
    name: 'install.js',
    source: 'src/window/script.ts',
    isScript: true,
    external: ['./lazy.js', './overlay.js', './deepFetch.js'],
  },
  { name: 'lazy.js', source: 'src/window/lazy.ts', isScript: false, external: [] },
  { name: 'deepFetch.js', source: 'src/window/deepFetch.ts', isScript: false, external: [] },
  { name: 'overlay.js', source: 'src/window/overlay.ts', isScript: false, external: [] },
  { name: 'service-worker.js', source: 'src/sw/script.ts', isScript: true, external: [] },
];

/** Path and text of each file, the same on every run and machine. */
export async function served() {
  const files = [];
  for (const { name, source, isScript, external } of FILES) {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [source],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      ...(isScript && { banner: { js: '(()=>{' }, footer: { js: '})();' } }),
      external,
      target: 'es2022',
      legalComments: 'none',
      define: { VERSION: JSON.stringify(version) },
    });
    files.push({ name, path: folder + name, text: outputFiles[0].text });
  }
  return files;
}
