/** The first minute of a newcomer, from a site that knows nothing of prefetching to a click without the network. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BROWSERS } from '../support/browsers';
import { runCommand } from '../support/python';
import { launchAround } from '../support/session';
import { Visit } from '../support/visit';
import { guideRoutes } from './support/behind';
import { Command, serveFiles, startProgram } from './support/commands';
import { Edge } from './support/edge';
import { Origin } from './support/origin';
import { install, named } from './support/pages';

const PATHS = Array.from({ length: 12 }, (_, number) => `/pages/${number}`);
const LIST = PATHS.map((path) => `<li><a href="${path}">${path}</a>`).join('');
const HOME = `<!doctype html><html lang="en"><head><title>start</title></head><body><h1>start</h1><ul>${LIST}</ul>`;
const HTML = { 'content-type': 'text/html; charset=utf-8' };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'first-minute-'));
  chmodSync(folder, 0o755); // Varnish gives up the rights of root before it reads files
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A site of static files, with links that are relative. */
function writePages(folder: string): void {
  mkdirSync(join(folder, 'public/pages'), { recursive: true });
  const links = PATHS.map((path) => `<li><a href="${path.slice(1)}.html">${path}</a>`).join('');
  writeFileSync(join(folder, 'public/index.html'), `<!doctype html><h1>start</h1><ul>${links}</ul>`);
  for (const path of PATHS) {
    writeFileSync(join(folder, `public${path}.html`), `<!doctype html><h1>${path}</h1>`);
  }
}

/** Open a page as a new visitor, and wait until the worker has stored a page. */
async function seeStored(browser: Browser, url: string, target: string): Promise<Visit> {
  const context = await browser.createBrowserContext();
  onTestFinished(() => context.close());
  const tab = await Visit.open(context, url);
  await tab.stored(target);
  return tab;
}

/** Open a page as a new visitor, and wait until each link is green; returns the tab. */
async function seeGreen(browser: Browser, url: string, count = PATHS.length): Promise<Visit> {
  const context = await browser.createBrowserContext();
  onTestFinished(() => context.close());
  const tab = await Visit.open(context, url);
  await tab.until(
    (wanted) => document.querySelectorAll('a[data-prefetch-state="prefetch"]').length === wanted,
    count,
  );
  return tab;
}

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('a running site without any tag: the first view is green, and a click needs no network', async () => {
    const folder = temporaryFolder();
    const origin = await new Origin({ '/': { headers: HTML, body: HOME }, ...named(...PATHS) }).start();
    onTestFinished(() => origin.stop());
    await runCommand(['init', '--origin', origin.url], folder);
    origin.requests.length = 0;
    const edge = await Edge.start([join(folder, 'routes.py'), '--origin', origin.url, '--no-reload']);
    onTestFinished(async () => void (await edge.stop()));
    const tab = await seeGreen(browser(), edge.url());
    expect(tab.console).toEqual([]);
    expect(origin.targets.sort()).toEqual(['/', ...PATHS].sort());
    expect((await edge.log()).prefetches.map(({ status }) => status)).toEqual(PATHS.map(() => 200));

    // Each file of the page has a name with its hash; a browser looks for a new worker in its own time.
    await edge.forget();
    await tab.page.reload({ waitUntil: 'load' });
    await tab.until(() => document.querySelectorAll('a[data-prefetch-state]').length === 12);
    const own = (await edge.log()).own.filter((path) => !path.includes('service_worker'));
    expect(own).toEqual([]);

    await origin.stop();
    await edge.stop();
    expect(await tab.follow('/pages/7')).toBe('/pages/7');
  });

  it('a folder of files: green at once from `site`, and from its copy on a server that knows nothing', async () => {
    const folder = temporaryFolder();
    writePages(folder);
    const preview = await Command.start(['site', 'public', '--port', '0', '--format', 'json'], folder);
    const tab = await seeGreen(browser(), preview.address);
    expect(tab.console).toEqual([]);
    await preview.stop();
    expect(await tab.follow('pages/7.html')).toBe('/pages/7');

    const server = await serveFiles(join(folder, 'dist/site'));
    const other = await seeStored(browser(), server.url, '/pages/7.html');
    await server.stop();
    expect(await other.follow('pages/7.html')).toBe('/pages/7');
  });

  it('a folder of files below a path: the same, with its worker and rules below that path', async () => {
    const folder = temporaryFolder();
    writePages(folder);
    const below = ['site', 'public', '--base', '/proj', '--port', '0', '--format', 'json'];
    const preview = await Command.start(below, folder);
    const tab = await seeGreen(browser(), preview.address);
    expect(tab.console).toEqual([]);
    await preview.stop();
    expect(await tab.follow('pages/7.html')).toBe('/pages/7');
  });

  it.each(['worker', 'varnish'])(
    'rules for an edge that one has, %s: what visitors opened is there',
    async (target) => {
      const folder = temporaryFolder();
      const home = install(LIST);
      const origin = await new Origin({ '/': { headers: HTML, body: home }, ...named(...PATHS) }).start();
      onTestFinished(() => origin.stop());
      const said = await runCommand(['init', '--target', target, '--origin', origin.url], folder);
      const [, build = ''] = /next: prefetchrouter (.+)/.exec(said) ?? [];
      const [, start = ''] = /then: (.+)/.exec(said) ?? [];
      await runCommand(build.split(' '), folder);
      const edge = await startProgram(start, folder);
      for (const path of PATHS) await fetch(`${edge.url}${path}`);
      const tab = await seeStored(browser(), edge.url, '/pages/7');
      await origin.stop();
      await edge.stop();
      expect(await tab.follow('/pages/7')).toBe('/pages/7');
    },
  );

  it('a file that is edited under a folder is seen at the next view, whatever the rules say', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'public/pages'), { recursive: true });
    const page = join(folder, 'public/index.html');
    writeFileSync(join(folder, 'routes.py'), guideRoutes('.match("/", caching={"max_age": "1h"})'));
    writeFileSync(join(folder, 'public/pages/0.html'), '<!doctype html><h1>zero</h1>');
    writeFileSync(page, '<!doctype html><h1>old</h1><a href="/pages/0">0</a>');
    const edge = await Edge.start([join(folder, 'routes.py'), '--origin', join(folder, 'public')]);
    onTestFinished(async () => void (await edge.stop()));
    const tab = await seeGreen(browser(), edge.url(), 1);
    expect(await tab.heading()).toBe('old');
    writeFileSync(page, '<!doctype html><h1>new</h1><a href="/pages/0">0</a>');
    await edge.whenTold('files');
    await tab.page.reload({ waitUntil: 'domcontentloaded' });
    expect(await tab.heading()).toBe('new');
  });
});
