import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minify } from 'terser';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = fileURLToPath(new URL('../../src/prefetchrouter/static/', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const names = JSON.parse(readFileSync(`${folder}names.json`, 'utf8'));

/** The folder of a page's parts is named after their text, so that they can be cached for ever; Python does the same. */
export const hashOf = (texts) => createHash('sha256').update(texts.join('')).digest('hex').slice(0, 10);

/** A part loads another one from beside itself, and the install script loads them from the folder below its root. */
const parts = (hash) => ({
  name: 'parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\// }, ({ kind, path }) =>
      kind === 'dynamic-import' && names.parts.includes(path.slice(2)) ? { path, external: true } : undefined,
    );
    onLoad({ filter: /window\/parts\.ts$/ }, ({ path }) => ({
      contents: `import { installPath } from '../core/names.js';
        import { root } from './root.js';
        const load = (name) => import(root() + installPath.replace('install', '${hash}/' + name));
        export const parts = {${[...readFileSync(path, 'utf8').matchAll(/(\w+): \(\) =>/g)].map(
          ([, name]) => `${name}: () => load('${name}')`,
        )}};`,
      loader: 'js',
    }));
  },
});

/** The licence asks that copies say whose work they contain. */
const LICENCE = '/* with web-vitals, copyright Google LLC, Apache-2.0 */';

async function bundle(source, isScript, hash) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    ...(isScript && { banner: { js: '(()=>{' }, footer: { js: '})();' } }),
    plugins: [parts(hash)],
    target: 'es2022',
    legalComments: 'none',
    ...(source.endsWith('measure.ts') && { banner: { js: LICENCE } }),
    define: { VERSION: JSON.stringify(version) },
  });
  // What esbuild makes is smaller by a fifteenth after this.
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2022,
    toplevel: true,
    module: !isScript,
    // "Unsafe" for functions that are called with "new" or ask for their prototype: ours are classes then.
    compress: { passes: 3, unsafe_arrows: true, unsafe_methods: true },
    format: { comments: /web-vitals/ },
  });
  return `${code}\n`;
}

/** Name, path and text of each file that the Python package serves, the same on every run and machine. */
export async function served() {
  const files = [];
  const add = (name, text) => files.push({ name, path: folder + name, text });
  for (const name of names.parts) add(name, await bundle(`src/window/${name.replace('.js', '.ts')}`, false));
  const hash = hashOf(files.map(({ text }) => text));
  add('install.js', await bundle('src/window/script.ts', true, hash));
  add('service-worker.js', await bundle('src/sw/script.ts', true));
  add('uninstall.js', await bundle('src/sw/uninstall.ts', true));
  return files;
}
