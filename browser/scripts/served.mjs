import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = fileURLToPath(new URL('../../src/prefetchrouter/static/', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

const names = JSON.parse(readFileSync(`${folder}names.json`, 'utf8'));

/** The files that the Python package serves. */
const FILES = [
  { name: 'install.js', source: 'src/window/script.ts', isScript: true },
  { name: 'lazy.js', source: 'src/window/lazy.ts', isScript: false },
  { name: 'deepFetch.js', source: 'src/window/deepFetch.ts', isScript: false },
  { name: 'overlay.js', source: 'src/window/overlay.ts', isScript: false },
  { name: 'service-worker.js', source: 'src/sw/script.ts', isScript: true },
];

/** The install script loads its parts of the same version, so that a copy that a browser has kept never mixes with newer ones. */
const pinnedParts = {
  name: 'pinned-parts',
  setup({ onResolve }) {
    const pinned = names.pinnedInstallPath.replace('{version}', version);
    onResolve({ filter: /^\.\// }, ({ kind, path }) =>
      kind === 'dynamic-import' && names.besideInstall.includes(path.slice(2))
        ? { path: new URL(path, `https://site.example${pinned}`).pathname, external: true }
        : undefined,
    );
  },
};

/** Path and text of each file, the same on every run and machine. */
export async function served() {
  const files = [];
  for (const { name, source, isScript } of FILES) {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [source],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      ...(isScript && { banner: { js: '(()=>{' }, footer: { js: '})();' } }),
      plugins: [pinnedParts],
      target: 'es2022',
      legalComments: 'none',
      define: { VERSION: JSON.stringify(version) },
    });
    files.push({ name, path: folder + name, text: outputFiles[0].text });
  }
  return files;
}
