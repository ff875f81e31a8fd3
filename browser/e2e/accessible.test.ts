/** The pages that the edge shows, the overlay and the pictures: usable by everybody, on a phone and a desk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { Edge } from './edge/support/edge';
import { DESK, PHONE, problemsOf, showIn } from './support/accessible';
import { pythonPrints } from './support/python';
import { launchAround } from './support/session';
import { Visit } from './support/visit';

const browser = launchAround('chromium');
let edge: Edge;

beforeAll(async () => {
  edge = await Edge.start(['examples/routes.py', '--example', '--no-reload']);
  await edge.visited(
    '/',
    '/products/1',
    '/products/1',
    '/products/2?edgio_prefetch=1',
    '/shop/1',
    '/pages/99',
  );
});
afterAll(() => edge?.stop());

async function problemsAt(url: string, window = DESK): Promise<string[]> {
  const tab = await Visit.open(browser(), 'about:blank');
  onTestFinished(() => tab.close());
  await showIn(tab.page, window);
  await tab.page.goto(url);
  return problemsOf(tab.page);
}

it.each([
  ['requests', DESK],
  ['requests', PHONE],
  ['requests?show=misses', DESK],
  ['requests/1', DESK],
  ['requests/4', PHONE],
  ['requests/9999', DESK],
  ['cache', DESK],
  ['cache', PHONE],
  ['origin', PHONE],
] as const)('the page %s of the edge, in %o', async (path, window) => {
  expect(await problemsAt(edge.page(`/__edgio__/${path}`), window)).toEqual([]);
});

it.each([DESK, PHONE])('the example shop with the overlay, in %o', async (window) => {
  const tab = await Visit.open(browser(), 'about:blank');
  onTestFinished(() => tab.close());
  await showIn(tab.page, window);
  await tab.page.goto(edge.url('/'));
  await tab.until(() => document.querySelector('prefetch-overlay')?.shadowRoot?.querySelector('table'));
  expect(await problemsOf(tab.page)).toEqual([]);
});

it('the picture of a simulation in a page', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'picture-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const svg = pythonPrints(`
from prefetchrouter.simulation.frontier_picture import frontier_svg
from prefetchrouter.simulation.replay import Outcome
from prefetchrouter.simulation.simulating import PolicyOutcome, Simulation
row = PolicyOutcome("learned", Outcome(views=10, clicks=5, instant=2, prefetches=10))
print(frontier_svg(Simulation(1, (), (), (), row, row)))`);
  const page = join(folder, 'page.html');
  writeFileSync(
    page,
    `<!doctype html><html lang="en"><title>Picture</title><main><h1>Picture</h1>${svg}</main></html>`,
  );
  for (const window of [DESK, PHONE]) expect(await problemsAt(`file://${page}`, window)).toEqual([]);
});
