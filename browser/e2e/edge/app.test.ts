/** The guide's second half behind the edge: a worker of the site's own, its API, and what a page asks for itself. */
import { describe, expect, it } from 'vitest';
import { MANUAL } from '../fixtures/guide';
import { BROWSERS } from '../support/browsers';
import { bundle } from '../support/bundle';
import { script } from '../support/pages';
import { launchAround } from '../support/session';
import { visitBehind } from './support/behind';
import { fetched, IMAGE, install, json } from './support/pages';
import { reactApp } from './support/react';

/** "Serving the Service Worker" and "Defining a Prefetching Caching Policy". */
const ROUTES = `from prefetchrouter import Router

router = (
    Router()
    .match("/service-worker.js", caching={"max_age": "1d", "bypass_client_cache": True})
    .match("/service-worker.js", lambda route: route.service_worker("dist/service-worker.js"))
    .get(
        "/api/products/:id.json",
        caching={"max_age": "1h", "stale_while_revalidate": "1d", "service_worker_max_age": "1h"},
    )
)
`;

const POSTS = `from prefetchrouter import Router

caching = {
    "max_age": "1h",
    "service_worker_max_age": "1h",
    "enable_caching_for_methods": ["POST"],
    "cacheable_request_body_size": "1kB",
}
router = Router().match("/search", caching=caching)
`;

const SHOP = `from prefetchrouter import Router

kept = {"max_age": "1h", "service_worker_max_age": "1h"}
router = (
    Router()
    .match("/service-worker.js", lambda route: route.service_worker("dist/service-worker.js"))
    .match("/products/:id", caching=kept)
    .match("/images/:path*", caching={"max_age": "1h"})
)
`;

const SHOP_APP = `
  import { install } from 'prefetchrouter/window';
  install();
`;

const DEEP_WORKER = `
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

  it("the site's own worker comes from its folder, and the API is there before the click", async () => {
    const apis = ['/api/products/1.json', '/api/products/2.json'];
    const { pages, worker } = await reactApp();
    const { edge, origin, tab } = await visitBehind(browser(), {
      pages: {
        ...pages,
        [apis[0] ?? '']: json({ name: 'Kettle' }),
        [apis[1] ?? '']: json({ name: 'Teapot' }),
      },
      routes: ROUTES,
      files: { 'dist/service-worker.js': worker },
      options: ['--origin', 'edgio_static=FOLDER'],
      opened: apis,
    });
    await tab.stored(...apis);
    const before = origin.targets;
    await tab.page.click('a[href="/products/1"]');
    await tab.until(() => document.querySelector('h1')?.textContent === 'Kettle');
    const log = await edge.log();
    expect(log.outcomes).toEqual({ '/api/products/1.json': [200], '/api/products/2.json': [200] });
    expect(log.visits('/api/products/1.json')).toEqual([]);
    expect(log.visits('/service-worker.js')).not.toEqual([]);
    expect([before, origin.targets]).toEqual([Object.keys(pages).sort(), Object.keys(pages).sort()]);
    const served = await fetch(edge.url('/service-worker.js'));
    expect(served.headers.get('cache-control')).toMatch(/no-store|no-cache|max-age=0/);
  });

  it('a stale answer is prefetched within its time, and no refresh begins', async () => {
    const { edge, origin, tab } = await visitBehind(browser(), {
      pages: { '/': install(''), '/api/products/1.json': json(1) },
      routes: ROUTES.replace('"max_age": "1h"', '"max_age": "1s"'),
      opened: ['/api/products/1.json'],
    });
    await tab.controlled();
    await edge.whenStale('/api/products/1.json');
    expect(await tab.page.evaluate(`Edgio.prefetch('/api/products/1.json')`)).toBe('prefetched');
    expect(await fetched(tab, '/api/products/1.json')).toBe('1');
    const { prefetches, requests } = await edge.log();
    expect(prefetches.map(({ status, cache }) => [status, cache])).toEqual([[200, 'stale']]);
    expect(requests.filter(({ target }) => target === '/api/products/1.json')).toHaveLength(1);
    expect(origin.targets).toEqual(['/']);
  });

  it('the page of manual prefetching gets its images from the edge, and shows them without the network', async () => {
    const images = { '/static/img/my-image.png': IMAGE, '/static/img/another-image.png': IMAGE };
    const { edge, origin, tab } = await visitBehind(browser(), {
      pages: { '/': MANUAL, ...images },
      routes:
        'from prefetchrouter import Router\nrouter = Router().match("/static/:path*", caching={"max_age": "1h"})\n',
      opened: Object.keys(images),
    });
    await tab.stored(...Object.keys(images));
    await tab.append('<img id="shown" src="/static/img/another-image.png">');
    await tab.until(() => document.querySelector<HTMLImageElement>('#shown')?.naturalWidth === 1);
    const log = await edge.log();
    expect(log.prefetched).toEqual(Object.keys(images).sort());
    expect(log.visits('/static/img/another-image.png')).toEqual([]);
    expect(origin.targets).toEqual(['/']);
  });

  it('a POST that the edge holds is prefetched, and a later POST with that body is answered by the worker', async () => {
    const pages = {
      '/': install(''),
      '/search': ({ method, body }: { method: string; body: string }) => json({ method, body }),
      '/orders': json('ordered'),
    };
    const { edge, origin, tab } = await visitBehind(browser(), { pages, routes: POSTS });
    for (const path of ['/search', '/orders']) await fetch(edge.url(path), { method: 'POST', body: 'tea' });
    await tab.controlled();
    const prefetched = (path: string, body: string): Promise<unknown> =>
      tab.page.evaluate(`Edgio.prefetch('${path}', 'fetch', { method: 'POST', body: '${body}' })`);
    expect(await prefetched('/search', 'tea')).toBe('prefetched');
    expect(await prefetched('/search', 'milk')).toBe('refused');
    expect(await prefetched('/orders', 'tea')).toBe('refused');
    expect((await edge.log()).prefetches.map(({ status }) => status)).toEqual([200, 412, 412]);
    await edge.forget();
    const posted = (body: string): Promise<unknown> => fetched(tab, '/search', { method: 'POST', body });
    expect(await posted('tea')).toBe('{"method":"POST","body":"tea"}');
    expect((await edge.log()).requests).toEqual([]);
    expect(await posted('milk')).toBe('{"method":"POST","body":"milk"}');
    expect(origin.requests.map(({ method, body }) => method + body)).toEqual([
      'GET',
      'POSTtea',
      'POSTtea',
      'POSTmilk',
    ]);
  });

  it('a page brings those of its images that the edge holds, and the click shows them without the network', async () => {
    const { edge, origin, tab } = await visitBehind(browser(), {
      pages: {
        '/': '<!doctype html><h1>start</h1><a href="/products/1">Kettle</a><script src="/app.js"></script>',
        '/app.js': script(await bundle({ source: SHOP_APP })),
        '/products/1': PRODUCT,
        '/images/front.png': IMAGE,
        '/images/new.png': IMAGE,
        '/images/other.png': IMAGE,
      },
      routes: SHOP,
      files: { 'dist/service-worker.js': await bundle({ source: DEEP_WORKER }) },
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
