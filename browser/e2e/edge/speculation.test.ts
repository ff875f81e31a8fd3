/** Speculation Rules made of the rules: Chromium prefetches the links they allow, and no others. */
import { expect, it } from 'vitest';
import { launchAround } from '../support/session';
import { openTab, startBehind } from './support/behind';
import type { Edge } from './support/edge';
import { named } from './support/pages';

const ROUTES = `from prefetchrouter import Router, exact
ages = {"max_age": "1h", "service_worker_max_age": "1h"}
router = (Router()
    .speculation_rules()
    .always(speculation={"eagerness": "immediate"})
    .match("/pages/:id", caching=ages)
    .match("/pages/new", caching={"bypass_cache": True})
    .match("/docs/:rest*", caching=ages)
    .match(exact("/a:b(1)"), caching=ages)
    .match({"path": "/find", "query": {"q": "tea"}}, caching=ages)
    .match({"path": "/gold", "cookies": {"tier": "gold"}}, caching=ages))
`;
const ALLOWED = [
  '/pages/1',
  '/pages/2/',
  '/pages/caf%C3%A9',
  '/docs',
  '/docs/a/b',
  '/a:b(1)',
  '/find?q=tea&x',
];
const OTHERS = [
  ...[
    '/pages/new',
    '/pages/NEW/',
    '/pages/%6eew',
    '/pages/logout',
    '/pages/a%2Fb',
    '//pages/1',
    '/pages/1;v=2',
  ],
  ...['/docsx', '/a:b', '/find', '/find?q=coffee&q=tea', '/find?q=t%65a', '/gold', '/other'],
];
const HTML = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
const browser = launchAround('chromium');

function page(links: readonly string[], head = '') {
  const list = links.map((link) => `<a href="${link}">${link}</a>`).join(' ');
  return { headers: HTML, body: `<!doctype html><title>start</title>${head}${list}` };
}

/** Wait until the browser has speculated on each of some URLs. */
async function speculated(edge: Edge, urls: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const log = await edge.log();
    if (urls.every((url) => log.foreign(url).length > 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const log = await edge.log();
  throw new Error(`no prefetch of ${urls.filter((url) => log.foreign(url).length === 0).join(', ')}`);
}

it('covers the links that rules make prefetchable, in every spelling that it claims', async () => {
  const pages = { '/': page([...OTHERS, ...ALLOWED]), ...named('/pages/1') };
  const { edge, origin } = await startBehind({ pages, routes: ROUTES, opened: ['/pages/1'] });
  const tab = await openTab(browser(), edge);
  await speculated(edge, ALLOWED);
  const log = await edge.log();
  expect(OTHERS.filter((url) => log.foreign(url).length > 0)).toEqual([]);
  expect(log.foreign('/pages/1')).toEqual([['prefetch', 200]]);
  expect(origin.targets).toEqual(['/']);
  await tab.page.$eval('a[href="/pages/1"]', (link) => link.click());
  await tab.page.waitForFunction(() => document.title === '/pages/1');
  expect(origin.targets).toEqual(['/']);
});

it('stands beside the rules of a platform, which are held to what is stored as well', async () => {
  const platform = `<script type="speculationrules">
    {"prefetch":[{"where":{"href_matches":"/*"},"eagerness":"immediate"}]}</script>`;
  const pages = { '/': page(['/pages/1', '/pages/9', '/other'], platform), ...named('/pages/1', '/pages/9') };
  const { edge, origin } = await startBehind({ pages, routes: ROUTES, opened: ['/pages/1'] });
  await openTab(browser(), edge);
  await speculated(edge, ['/pages/1', '/pages/9']);
  const log = await edge.log();
  expect([log.foreign('/pages/1'), log.foreign('/pages/9')]).toEqual([
    [['prefetch', 200]],
    [['prefetch', 503]],
  ]);
  expect(origin.targets.filter((target) => target.startsWith('/pages'))).toEqual([]);
});

it('a click with parameters that make no difference uses the prefetch', async () => {
  const key = '"cache_key": {"include_all_query_params_except": ["utm_source"]}';
  const routes = ROUTES.replace(
    '.match("/pages/:id", caching=ages)',
    `.match("/pages/:id", caching={**ages, ${key}},
        headers={"set_response_headers": {"no-vary-search": 'params=("utm_source")'}})`,
  );
  const pages = { '/': page(['/pages/1']), ...named('/pages/1') };
  const { edge } = await startBehind({ pages, routes, opened: ['/pages/1'] });
  const tab = await openTab(browser(), edge);
  await speculated(edge, ['/pages/1']);
  await tab.page.evaluate(() => location.assign('/pages/1?utm_source=mail'));
  await tab.page.waitForFunction(() => document.title === '/pages/1');
  const { requests } = await edge.log();
  expect(requests.map(({ url }) => new URL(url).search)).toEqual(['', '']);
});

it('a page is prerendered from the one response that was prefetched', async () => {
  const routes = ROUTES.replace(
    '.match("/pages/:id", caching=ages)',
    '.match("/pages/:id", caching=ages, speculation={"prerender": True})',
  );
  const target = `<!doctype html><img src="/rendering.png"><script>
const seen = () => void (new Image().src = \`/seen-\${performance.getEntriesByType('navigation')[0].activationStart > 0}.png\`);
    document.prerendering ? document.addEventListener('prerenderingchange', seen) : seen();</script>`;
  const pages = {
    '/': page(['/pages/1']),
    '/pages/1': { headers: { 'content-type': 'text/html' }, body: target },
  };
  const { edge, origin } = await startBehind({ pages, routes, opened: ['/pages/1'] });
  const tab = await openTab(browser(), edge);
  await expect.poll(() => origin.targets).toContain('/rendering.png');
  await tab.page.$eval('a[href="/pages/1"]', (link) => link.click());
  // A prerendered page takes over the tab, in its own session.
  await expect.poll(() => origin.targets).toContain('/seen-true.png');
  const { requests } = await edge.log();
  expect(requests.filter((request) => request.target === '/pages/1')).toHaveLength(1);
});
