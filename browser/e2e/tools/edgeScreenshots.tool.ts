/** The example shop behind the edge, as the documentation shows it: the overlay, the requests, one request. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Edge } from '../edge/support/edge';
import { launchAround } from '../support/session';
import { Visit } from '../support/visit';

const IMAGES = join(import.meta.dirname, '../../../docs/images');
const WIDTH = 1200;

const browser = launchAround('chromium');

async function startShop(): Promise<Edge> {
  const edge = await Edge.start(['examples/routes.py', '--example', '--no-warm', '--no-reload']);
  onTestFinished(async () => void (await edge.stop()));
  return edge;
}

async function openTab(height: number): Promise<Visit> {
  const tab = await Visit.open(browser(), 'about:blank');
  onTestFinished(() => tab.close());
  await tab.page.setViewport({ width: WIDTH, height });
  return tab;
}

const shown = (tab: Visit, state: string, count: number): Promise<void> =>
  tab.until(
    (selector, wanted) => document.querySelectorAll(selector).length === wanted,
    `a[data-prefetch-state="${state}"]`,
    count,
  );

async function shoot(tab: Visit, name: string): Promise<void> {
  const bytes = await tab.page.screenshot({ path: join(IMAGES, name) });
  expect(bytes.length).toBeGreaterThan(0);
  expect(bytes.length).toBeLessThan(150_000);
}

it('docs/images/edge-overlay.png: one tea was used, two are there, the others were never opened', async () => {
  const edge = await startShop();
  await edge.visited('/products/1', '/products/4');
  const first = await openTab(800);
  await first.page.goto(edge.url('/'));
  await shown(first, 'prefetch', 2);
  await first.follow('/products/4');
  await edge.visited('/products/6');
  const tab = await openTab(800);
  await tab.page.goto(edge.url('/'));
  await shown(tab, 'hit', 1);
  await shown(tab, 'prefetch', 2);
  await shown(tab, 'refused', 5);
  await tab.until(() =>
    document.querySelector('prefetch-overlay')?.shadowRoot?.textContent?.includes('4 stored'),
  );
  await tab.until(() => [...document.images].every((image) => image.complete || image.loading === 'lazy'));
  await shoot(tab, 'edge-overlay.png');
});

it('docs/images/edge-requests.png and docs/images/edge-request.png: a visit, and what others ask', async () => {
  const edge = await startShop();
  await edge.visited('/products/1', '/products/4', '/products/6', '/api/products/2.json');
  const tab = await openTab(720);
  await tab.page.goto(edge.url('/'));
  await shown(tab, 'prefetch', 3);
  await shown(tab, 'refused', 5);
  await edge.visited(
    '/shop/1',
    '/blog/water?preview=1',
    '/api/products/2.json',
    '/products/2',
    '/products/2',
  );
  await tab.page.goto(edge.page('/__edgio__/requests'));
  await shoot(tab, 'edge-requests.png');
  await tab.page.click('tbody a[title*="/products/4?"]');
  await tab.until(() => document.querySelector('h1')?.textContent?.includes('/products/4'));
  await tab.page.setViewport({ width: WIDTH, height: 1030 });
  await shoot(tab, 'edge-request.png');
});
