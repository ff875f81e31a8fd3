/** Speculation Rules of platforms beside ours and beside the script: no page is downloaded twice. */
import { describe, expect, it } from 'vitest';
import { launchAround } from '../support/session';
import { openTab, startBehind } from './support/behind';
import type { Edge } from './support/edge';
import { install, named } from './support/pages';

const OURS = `from prefetchrouter import Router
ages = {"max_age": "1h", "service_worker_max_age": "1h"}
router = (Router().speculation_rules()
    .match("/pages/:id", caching=ages, speculation={"eagerness": "immediate"}))
`;
const HTML = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };

/** The rules that each platform puts into pages, as its documentation shows them. */
const PLATFORMS = {
  WordPress: {
    prefetch: [
      {
        source: 'document',
        where: {
          and: [
            { href_matches: '/*' },
            { not: { href_matches: ['/wp-*.php', '/wp-admin/*', '/wp-content/*', '/*\\?(.+)'] } },
            { not: { selector_matches: 'a[rel~="nofollow"]' } },
            { not: { selector_matches: '.no-prefetch, .no-prefetch a' } },
          ],
        },
        eagerness: 'conservative',
      },
    ],
  },
  Shopify: {
    prefetch: [
      {
        tag: 'shopify',
        where: {
          and: [{ href_matches: '/*' }, { not: { href_matches: ['/cart*', '/account*', '/checkouts*'] } }],
        },
        eagerness: 'conservative',
      },
    ],
  },
  'Cloudflare Speed Brain': {
    prefetch: [{ source: 'document', where: { href_matches: '/*' }, eagerness: 'conservative' }],
  },
  'a moderate one': { prefetch: [{ where: { href_matches: '/*' }, eagerness: 'moderate' }] },
};
const browser = launchAround('chromium');

const head = (rules: object) => `<script type="speculationrules">${JSON.stringify(rules)}</script>`;
const LINK = '<a id="go" href="/pages/1">go</a>';

/** Every download of the page, whoever started it. */
async function downloads(edge: Edge): Promise<number[]> {
  const { requests } = await edge.log();
  return requests.filter(({ target }) => target === '/pages/1').map(({ status }) => status);
}

describe.each(Object.entries(PLATFORMS))('beside the rules of %s', (_, rules) => {
  it('ours fetch a page once, from the link in view to the click', async () => {
    const pages = {
      '/': { headers: HTML, body: `<!doctype html><title>start</title>${head(rules)}${LINK}` },
      ...named('/pages/1'),
    };
    const { edge, origin } = await startBehind({ pages, routes: OURS, opened: ['/pages/1'] });
    const tab = await openTab(browser(), edge);
    await expect.poll(async () => (await edge.log()).foreign('/pages/1')).toEqual([['prefetch', 200]]);
    await tab.page.click('#go', { delay: 300 });
    await tab.page.waitForFunction(() => document.title === '/pages/1');
    expect(await downloads(edge)).toEqual([200]);
    expect(origin.targets).toEqual(['/']);
  });

  it('the script fetches a page once, and the worker answers the browser', async () => {
    const pages = { '/': { headers: HTML, body: install(head(rules) + LINK) }, ...named('/pages/1') };
    const { edge, origin } = await startBehind({ pages, routes: OURS, opened: ['/pages/1'] });
    const tab = await openTab(browser(), edge);
    await tab.controlled();
    await tab.stored('/pages/1');
    await tab.page.click('#go', { delay: 300 });
    await tab.page.waitForFunction(() => document.title === '/pages/1');
    expect(await downloads(edge)).toEqual([200]);
    expect(origin.targets).toEqual(['/']);
  });
});

it('leaves links that log in or out to a click', async () => {
  const routes = OURS.replace('"/pages/:id"', '"/:page*"').replace(
    /\)\n$/,
    '\n    .session_change({"path": "/switch/:user"}))\n',
  );
  const links = ['/logout', '/account/sign-out', '/switch/anna', '/pages/1'].map(
    (to) => `<a href="${to}">x</a>`,
  );
  const body = `<!doctype html><title>start</title>${links.join(' ')}`;
  const paths = ['/logout', '/account/sign-out', '/switch/anna', '/pages/1'];
  const pages = { '/': { headers: HTML, body }, ...named(...paths) };
  const { edge } = await startBehind({ pages, routes, opened: paths });
  await openTab(browser(), edge);
  await expect.poll(async () => (await edge.log()).foreign('/pages/1')).toEqual([['prefetch', 200]]);
  const log = await edge.log();
  expect(paths.filter((path) => log.foreign(path).length > 0)).toEqual(['/pages/1']);
});
