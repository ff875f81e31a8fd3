/** The built documentation in a browser: usable by everybody, and no page wider than a phone. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { DESK, PHONE, problemsOf, showIn } from '../support/accessible';
import { PROJECT } from '../support/python';
import { launchAround } from '../support/session';
import { Visit } from '../support/visit';

const SITE = join(PROJECT, 'build/docs-site');
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
const EARLIER = { version: '0.0.1', title: '0.0.1', aliases: [] };

const browser = launchAround('chromium');
let server: Server;
/** The newest version: the one that was built. */
let version = '';

beforeAll(async () => {
  if (!existsSync(SITE)) throw new Error('there is no built site: run make docs');
  const versions = JSON.parse(readFileSync(join(SITE, 'versions.json'), 'utf8')) as { version: string }[];
  version = versions[0]?.version ?? '';
  server = createServer((request, response) => {
    const { pathname } = new URL(`http://localhost${request.url}`);
    if (pathname === '/versions.json') return void response.end(JSON.stringify([...versions, EARLIER]));
    if (pathname.startsWith(`/${EARLIER.version}/`))
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Earlier</title>');
    const path = join(SITE, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server?.close());

const addressOf = (path: string): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/${version}/${path}`;

/** A page of each kind: lists, pictures, tables, pages generated from the code, an error. */
const PAGES = [
  ['', DESK],
  ['how-it-works/', PHONE],
  ['commands/', PHONE],
  ['api/errors/', PHONE],
  ['errors/duration/', DESK],
  ['playground/', PHONE],
] as const;

it.each(PAGES)('/%s, in %o', async (path, window) => {
  const tab = await Visit.open(browser(), 'about:blank');
  onTestFinished(() => tab.close());
  await showIn(tab.page, window);
  await tab.page.goto(addressOf(path));
  await tab.until(() => document.querySelector('.md-code__nav, article') !== null);
  expect(await problemsOf(tab.page)).toEqual([]);
});

it('has a switch to the other versions in its header', async () => {
  const tab = await Visit.open(browser(), addressOf('lint/'));
  onTestFinished(() => tab.close());
  await tab.until(() => document.querySelector('.md-version__current')?.textContent !== undefined);
  const shown = await tab.page.$eval('.md-version__current', (element) => element.textContent?.trim());
  expect(shown).toBe(version);
  const links = await tab.page.$$eval('.md-version__link', (all) =>
    all.map((link) => link.textContent?.trim()),
  );
  expect(links).toEqual([version, EARLIER.version]);
  await tab.page.$$eval('.md-version__link', (all) => (all[1] as HTMLElement | undefined)?.click());
  await tab.until(() => document.title === 'Earlier');
});

it('/playground/ runs rules in the page, and says where they are wrong', async () => {
  const tab = await Visit.open(browser(), addressOf('playground/'));
  onTestFinished(() => tab.close());
  const printed = async (text: string): Promise<void> => {
    await tab.page.click('#playground button');
    await tab.page.waitForFunction(
      (wanted) => document.querySelector('#playground output')?.textContent?.includes(wanted),
      { timeout: 110_000 },
      text,
    );
  };
  await printed('Prefetched?  yes: max_age 1h (routes.py:5), service_worker_max_age 10m (routes.py:5)');
  await tab.page.$eval('#playground-rules', (area) => {
    (area as HTMLTextAreaElement).value =
      'from prefetchrouter import Router\nrouter = Router().get("/a", caching={"max_age": "1hr"})';
  });
  await printed('routes.py:2: error: caching.max_age: "1hr" is not a duration [duration]');
}, 240_000);
