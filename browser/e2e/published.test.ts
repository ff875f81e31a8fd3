/** One manifest, made by the Python side, read by our client and by the published one. */
import { beforeAll, describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { keptPages, withInstall } from './support/pages';
import { buildManifest } from './support/python';
import { launchAround, visitSite } from './support/session';

const PREFETCHABLE = ['/api/products/3.json', '/pages/1', '/PAGES/2', '/pages/last', '/products/2'];
const OTHERS = [
  '/cart',
  '/sale',
  '/static/my-image.png',
  '/pages/1/reviews',
  '/pagesx',
  '/about?path=/pages/1',
];

const LINKS = [...OTHERS, ...PREFETCHABLE.filter((path) => path !== '/pages/last'), '/pages/last']
  .map((path) => `<a href="${path}">${path}</a>`)
  .join('\n');

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);
  let manifest: string;
  beforeAll(() => {
    manifest = buildManifest('examples/routes.py');
  });

  it.each(['ours', 'published'] as const)('%s: the links of the example routes', async (client) => {
    const pages = { '/': withInstall(LINKS), ...keptPages(...PREFETCHABLE) };
    const { site, tab } = await visitSite(browser(), { client, manifest, pages });
    await tab.stored(...PREFETCHABLE);
    expect(site.prefetched).toEqual([...PREFETCHABLE].sort());
  });
});
