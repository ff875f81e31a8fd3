/** Real browsers do what `support.json` says of their version: which `explain --browser` and the docs are generated from. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSERS, type BrowserName, launch } from './support/browsers';

interface Row {
  name: string;
  support: Record<string, string>;
  instead?: Record<string, string>;
}

const FILE = new URL('../../src/prefetchrouter/browser_support/support.json', import.meta.url);
const ROWS: Row[] = JSON.parse(readFileSync(FILE, 'utf8')).rows;
const COMPAT = { chromium: 'chrome', firefox: 'firefox' } as const;

/** Whether the data says that a version supports something without a setting. */
function expected({ support, instead = {} }: Row, browser: BrowserName, major: number): boolean {
  const text = instead[COMPAT[browser]] ?? support[COMPAT[browser]] ?? 'no';
  if (text === 'no' || text === 'preview' || text.startsWith('flag')) return false;
  return Number.parseInt(text.replace('partial ', ''), 10) <= major;
}

/** Headers by path; the body is the number of requests for that path so far. */
const HEADERS: Record<string, Record<string, string>> = {
  '/nvs': { 'cache-control': 'max-age=60', 'no-vary-search': 'params=("x")' },
  '/swr': { 'cache-control': 'max-age=10, stale-while-revalidate=600', age: '60' },
  '/cached': { 'cache-control': 'max-age=600' },
  '/clear/cache': { 'clear-site-data': '"cache"' },
  '/clear/prefetchCache': { 'clear-site-data': '"prefetchCache"' },
  '/rules.json': { 'content-type': 'application/speculationrules+json' },
  '/worker.js': { 'content-type': 'text/javascript' },
};
const RULES = '{"prefetch":[{"tag":"own","where":{"href_matches":"/spec/*"},"eagerness":"immediate"}]}';
const WORKER = `self.onmessage = ({ source }) => source.postMessage(typeof InstallEvent !== 'undefined' && 'addRoutes' in InstallEvent.prototype)`;
const TEXTS: Record<string, string> = { '/rules.json': RULES, '/worker.js': WORKER };

const requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
const of = (path: string) => requests.filter((request) => request.path === path);

function respond(request: IncomingMessage, response: ServerResponse): void {
  const path = new URL(request.url ?? '/', 'http://x').pathname;
  requests.push({ path, headers: request.headers });
  const links = '<a id="go" href="/spec/1">1</a>';
  const isPage = path === '/' || path === '/rules' || path.startsWith('/spec/');
  response.writeHead(200, {
    'content-type': isPage ? 'text/html' : 'text/plain',
    ...(isPage ? { 'cache-control': 'no-store' } : {}),
    ...(path === '/rules' ? { 'speculation-rules': '"/rules.json"' } : {}),
    ...HEADERS[path],
  });
  response.end(
    TEXTS[path] ?? (isPage ? `<!doctype html><title>${path}</title>${links}` : String(of(path).length)),
  );
}

/** Whether a request arrives within a time that is long enough for a browser that sends it. */
async function comes(path: string, milliseconds = 3000): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; ) {
    if (of(path).length > 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

type Probe = (page: Page, origin: string) => Promise<boolean>;
/** A probe of what a page can see. */
const inPage =
  (test: () => boolean): Probe =>
  (page) =>
    page.evaluate(test);
const textOf = (page: Page, path: string, init: RequestInit = {}): Promise<string> =>
  page.evaluate(
    async (url, options) =>
      fetch(url, options).then(
        (response) => response.text(),
        () => '',
      ),
    path,
    init,
  );

/** Whether this browser is known to ignore Speculation Rules; the wait happens once. */
let ignoresRules = false;

/** Opens the page with the header, so that a browser that follows it prefetches `/spec/1`. */
async function speculate(page: Page, origin: string): Promise<boolean> {
  if (ignoresRules) return false;
  requests.length = 0;
  await page.goto(`${origin}/rules`);
  const hasCome = await comes('/spec/1');
  ignoresRules = !hasCome;
  return hasCome;
}

const PROBES: Record<string, Probe> = {
  'link-prefetch': inPage(() => document.createElement('link').relList.supports('prefetch')),
  'link-preload': inPage(() => document.createElement('link').relList.supports('preload')),
  'service-worker': inPage(() => 'serviceWorker' in navigator),
  'fetch-later': inPage(() => 'fetchLater' in self),
  'delivery-type': inPage(() => 'deliveryType' in PerformanceResourceTiming.prototype),
  'activation-start': inPage(() => 'activationStart' in PerformanceNavigationTiming.prototype),
  'worker-router-timing': inPage(() => 'workerRouterEvaluationStart' in PerformanceResourceTiming.prototype),
  'priority-hints': inPage(() => 'fetchPriority' in HTMLLinkElement.prototype),
  'url-pattern': inPage(() => 'URLPattern' in self),
  'navigation-api': inPage(() => 'navigation' in self),
  'save-data': inPage(() => 'saveData' in ((navigator as { connection?: object }).connection ?? {})),
  'only-if-cached': async (page) => {
    await textOf(page, '/cached');
    return (await textOf(page, '/cached', { cache: 'only-if-cached', mode: 'same-origin' })) !== '';
  },
  'no-vary-search-http-cache': async (page) => {
    await textOf(page, '/nvs?x=1');
    return (await textOf(page, '/nvs?x=2', { cache: 'only-if-cached', mode: 'same-origin' })) !== '';
  },
  'stale-while-revalidate': async (page) => {
    await textOf(page, '/swr');
    return (await textOf(page, '/swr')) === '1';
  },
  'clear-cache': async (page) => {
    const before = await textOf(page, '/cached');
    await textOf(page, '/clear/cache');
    return (await textOf(page, '/cached')) !== before;
  },
  'sec-purpose-link': async (page) => {
    await page.evaluate(() => {
      const link = document.createElement('link');
      link.rel = 'prefetch';
      link.href = '/linked';
      document.head.append(link);
    });
    await comes('/linked');
    return of('/linked')[0]?.headers['sec-purpose'] === 'prefetch';
  },
  'static-routes': (page) =>
    page.evaluate(async () => {
      await navigator.serviceWorker.register('/worker.js');
      const { active } = await navigator.serviceWorker.ready;
      const answer = new Promise<boolean>((resolve) => {
        navigator.serviceWorker.onmessage = ({ data }) => resolve(data);
        navigator.serviceWorker.startMessages();
      });
      active?.postMessage('');
      return answer;
    }),
  'speculation-header': speculate,
  'speculation-where': speculate,
  'speculation-eagerness': speculate,
  'speculation-prefetch': speculate,
  'speculation-tags': async (page, origin) => {
    await speculate(page, origin);
    return of('/spec/1')[0]?.headers['sec-speculation-tags'] === '"own"';
  },
  'sec-purpose-speculation': async (page, origin) => {
    await speculate(page, origin);
    return of('/spec/1')[0]?.headers['sec-purpose'] === 'prefetch';
  },
  'clear-prefetch-cache': async (page, origin) => {
    if (!(await speculate(page, origin))) return false;
    await page.evaluate(() => fetch('/clear/prefetchCache', { method: 'POST' }).then((all) => all.text()));
    await Promise.all([page.waitForNavigation(), page.click('#go')]);
    return of('/spec/1').length === 2;
  },
  prerender: async (page) => {
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.type = 'speculationrules';
      script.textContent = '{"prerender":[{"urls":["/spec/2"],"eagerness":"immediate"}]}';
      document.head.append(script);
    });
    await comes('/spec/2');
    return of('/spec/2')[0]?.headers['sec-purpose'] === 'prefetch;prerender';
  },
};

const server = createServer(respond);
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.closeAllConnections());

it('probes nothing that the data does not have', () => {
  const known = new Set(ROWS.map(({ name }) => name));
  expect(Object.keys(PROBES).filter((name) => !known.has(name))).toEqual([]);
});

describe.each(BROWSERS)('%s', (name) => {
  let browser: Browser;
  beforeAll(async () => {
    ignoresRules = false;
    browser = await launch(name);
  });
  afterAll(() => browser.close());

  it.each(ROWS.filter((row) => row.name in PROBES))('$name', async (row) => {
    const major = Number(/\/(\d+)/.exec(await browser.version())?.[1]);
    requests.length = 0;
    const page = await (await browser.createBrowserContext()).newPage();
    await page.goto(origin);
    const found = await PROBES[row.name]?.(page, origin);
    await page.browserContext().close();
    expect(`${name} ${major}: ${found}`).toBe(`${name} ${major}: ${expected(row, name, major)}`);
  });
});
