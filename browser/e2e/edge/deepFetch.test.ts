/** Deep fetch behind the edge: the images of a prefetched page come from copies, and from nowhere else. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from '../support/browsers';
import { bundle } from '../support/bundle';
import { script } from '../support/pages';
import { launchAround } from '../support/session';
import { visitBehind } from './support/behind';
import { IMAGE } from './support/pages';

const ROUTES = `from prefetchrouter import Router

kept = {"max_age": "1h", "service_worker_max_age": "1h"}
router = (
    Router()
    .match("/service-worker.js", lambda route: route.service_worker("dist/service-worker.js"))
    .match("/products/:id", caching=kept)
    .match("/images/:path*", caching={"max_age": "1h"})
)
`;

const APP = `
  import { install } from 'prefetchrouter/window';
  install();
`;

const WORKER = `
  import { Prefetcher } from 'prefetchrouter/sw';
  import DeepFetchPlugin from 'prefetchrouter/sw/DeepFetchPlugin';

  self.skipWaiting();
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

  new Prefetcher({
    plugins: [
      new DeepFetchPlugin([
        { selector: 'img.product-featured-media', as: 'image' },
      ]),
    ],
  }).route();
`;

const PRODUCT = `<!doctype html><h1>Kettle</h1>
<img class="product-featured-media" src="/images/front.png"><img class="product-featured-media" src="/images/new.png">
<img src="/images/other.png">`;

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('a page brings those of its images that the edge holds, and the click shows them without the network', async () => {
    const { edge, origin, tab } = await visitBehind(browser(), {
      pages: {
        '/': '<!doctype html><h1>start</h1><a href="/products/1">Kettle</a><script src="/app.js"></script>',
        '/app.js': script(await bundle({ source: APP })),
        '/products/1': PRODUCT,
        '/images/front.png': IMAGE,
        '/images/new.png': IMAGE,
        '/images/other.png': IMAGE,
      },
      routes: ROUTES,
      files: { 'dist/service-worker.js': await bundle({ source: WORKER }) },
      options: ['--origin', 'edgio_static=FOLDER'],
      opened: ['/products/1', '/images/front.png', '/images/other.png'],
    });
    await tab.stored('/products/1', '/images/front.png');
    const { outcomes } = await edge.whenPrefetched('/images/new.png');
    expect(outcomes).toEqual({
      '/products/1': [200],
      '/images/front.png': [200],
      '/images/new.png': [412],
    });
    expect(await tab.holds('/images/new.png')).toBe(false);
    expect(origin.targets).toEqual(['/', '/app.js']);

    await edge.forget();
    expect(await tab.follow('/products/1')).toBe('Kettle');
    await tab.until(() => [...document.images].every((image) => image.naturalWidth === 1));
    const targets = (await edge.log()).requests.map(({ target }) => target);
    expect(targets.sort()).toEqual(['/images/new.png', '/images/other.png']);
  });
});
