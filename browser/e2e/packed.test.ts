/** The packed npm package: what is in it, and that apps built with it work, in production and in development. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { publint } from 'publint';
import { createServer, build as viteBuild } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Packed, packInto } from './support/packed';
import { json, script } from './support/pages';
import { launchAround, visitSite } from './support/session';
import { type Answer, html } from './support/site';
import { Visit } from './support/visit';

const APP = `
  import { Prefetch, useServiceWorker } from 'prefetchrouter/react';
  import { useEffect } from 'react';
  import { createRoot } from 'react-dom/client';

  function App() {
    // install() reads its options at once, so in the next effect it is known whether it was called.
    useServiceWorker({ prefetchURLs: { *[Symbol.iterator]() { window.isInstalled = true; yield '/api/1.json'; } } });
    useEffect(() => {
      window.isInstalled ??= false;
    }, []);
    return <Prefetch><Link to="/2.json">2</Link></Prefetch>;
  }
  // As a router's link: what it leads to is known in the page only.
  const Link = ({ to, ...props }) => <a href={'/api' + to} {...props} />;
  createRoot(document.querySelector('#app')).render(<App />);
`;
const WORKER = `
  import { Prefetcher } from 'prefetchrouter/sw';
  self.skipWaiting();
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
  new Prefetcher().route();
`;
const PAGE =
  '<!doctype html><title>app</title><p id="app"></p><script type="module" src="/app.jsx"></script>';
const API = { '/api/1.json': json(1), '/api/2.json': json(2) };

let packed: Packed;
const read = (name: string): string => readFileSync(join(packed.folder, name), 'utf8');
const entries = (): string[] =>
  Object.keys(JSON.parse(read('package.json')).exports).filter((entry) => !entry.endsWith('.json'));

beforeAll(() => {
  const used = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')).exports;
  const imports = Object.keys(used)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry, i) => `export * as entry${i} from '${entry.replace('.', 'prefetchrouter')}';`);
  packed = packInto({
    'app.jsx': APP,
    'service-worker.js': WORKER,
    'index.html': PAGE,
    'types.ts': imports.join('\n'),
  });
});
afterAll(() => packed?.remove());

describe('the archive', () => {
  it('has the license, a page for its users, and of the rest only what an entry point leads to', () => {
    const others = packed.paths.filter((path) => !path.startsWith('dist/'));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(read('LICENSE')).toBe(readFileSync(join(import.meta.dirname, '../../LICENSE'), 'utf8'));
    expect(packed.paths.filter((path) => !/\.(js|d\.ts)$/.test(path)).sort()).toEqual(others);
    expect(packed.paths.filter((path) => /test|script|src\//i.test(path))).toEqual([]);
  });

  it('has a page that names each entry point, and leads to no file that is not in it', () => {
    const page = read('README.md');
    expect(page).not.toMatch(/\]\((?!https:)/);
    const names = [...page.matchAll(/`(prefetchrouter\/[\w/]+)`/g)].map(([, name]) => name);
    const known = entries().map((entry) => entry.replace('.', 'prefetchrouter'));
    expect(names.filter((name) => !known.includes(String(name)))).toEqual([]);
    expect(names.length).toBeGreaterThan(5);
  });

  it('is what npm and bundlers expect of a package', async () => {
    const { messages } = await publint({ pkgDir: packed.folder, pack: false, strict: true });
    expect(messages).toEqual([]);
    expect(JSON.parse(read('package.json'))).toMatchObject({ name: 'prefetchrouter', sideEffects: false });
  });

  it('has types for each entry point, by the strictest way to find them', () => {
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      types: [],
      strict: true,
      noEmit: true,
    };
    const project = join(packed.app, 'tsconfig.json');
    writeFileSync(project, JSON.stringify({ compilerOptions, files: ['types.ts'] }));
    const compiler = join(import.meta.dirname, '../node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', project], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});

// The test runner has set it; where users start a bundler, the bundler decides.
beforeEach(() => void vi.stubEnv('NODE_ENV', undefined));
afterEach(() => void vi.unstubAllEnvs());

/** What an app is, built with esbuild or Vite for production. */
async function built(bundler: 'esbuild' | 'vite'): Promise<Record<string, Answer>> {
  const worker = script(await bundled('service-worker.js', 'production'));
  if (bundler === 'esbuild') {
    return {
      '/': html(PAGE),
      '/app.jsx': script(await bundled('app.jsx', 'production')),
      '/service-worker.js': worker,
    };
  }
  const result = await viteBuild({ root: packed.app, logLevel: 'error', build: { write: false } });
  const { output } = [result].flat()[0] as { output: { fileName: string; code?: string; source?: string }[] };
  const files = output.map(({ fileName, code, source }) => {
    const isPage = fileName === 'index.html';
    return [isPage ? '/' : `/${fileName}`, isPage ? html(String(source)) : script(String(code))] as const;
  });
  return { ...Object.fromEntries(files), '/service-worker.js': worker };
}

async function bundled(file: string, environment: 'production' | 'development'): Promise<string> {
  const { outputFiles, warnings } = await build({
    absWorkingDir: packed.app,
    entryPoints: [file],
    bundle: true,
    write: false,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': JSON.stringify(environment) },
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  return outputFiles[0]?.text ?? '';
}

/** Whether the app has called `install()`, once it is shown. */
async function isInstalled(tab: Visit): Promise<unknown> {
  await tab.until(() => 'isInstalled' in window);
  return tab.page.evaluate('isInstalled');
}

describe('in chromium, an app with React', () => {
  const browser = launchAround('chromium');

  it.each(['esbuild', 'vite'] as const)(
    'built for production by %s installs and prefetches',
    async (name) => {
      const { tab } = await visitSite(browser(), { rules: [], pages: { ...(await built(name)), ...API } });
      await tab.stored('/api/1.json', '/api/2.json');
      expect(await isInstalled(tab)).toBe(true);
    },
  );

  it('built for development by esbuild installs nothing', async () => {
    const app = script(await bundled('app.jsx', 'development'));
    const pages = { '/': html(PAGE), '/app.jsx': app, ...API };
    const { tab } = await visitSite(browser(), { rules: [], pages });
    expect(await isInstalled(tab)).toBe(false);
  });

  it('served for development by Vite installs nothing', async () => {
    const cacheDir = join(packed.app, '.vite');
    const server = await createServer({
      root: packed.app,
      cacheDir,
      logLevel: 'error',
      server: { port: 0, host: 'localhost' },
    });
    onTestFinished(() => server.close());
    await server.listen();
    const tab = await Visit.open(browser(), String(server.resolvedUrls?.local[0]));
    onTestFinished(() => tab.close());
    expect(await isInstalled(tab)).toBe(false);
  });
});
