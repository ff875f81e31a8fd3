/** The published client, unchanged, with our edge and its manifest, beside ours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import names from '../../../src/prefetchrouter/static/names.json';
import { publishedClient } from '../../scripts/published.mjs';
import { BROWSERS } from '../support/browsers';
import { script } from '../support/pages';
import { PROJECT } from '../support/python';
import { launchAround } from '../support/session';
import { visitBehind } from './support/behind';
import { ENGINES } from './support/edge';
import { install, named } from './support/pages';

const INSTALL = '/published/install.js';
/** Where its install script looks for its worker. */
const WORKER = '/__edgio__service_worker_v7.13.13.js';

const { version } = JSON.parse(readFileSync(join(PROJECT, 'browser/package.json'), 'utf8'));

/** Ours of the version that is installed, as a page pins it. */
const PINNED = names.pinnedInstallPath.replace('{version}', version);
const OUR_WORKER = names.workerPath.replace('{version}', version);

const PREFETCHABLE = ['/api/products/3.json', '/pages/1', '/pages/2', '/pages/last', '/products/2'];
const NOT_HELD = '/pages/3';
const OTHERS = ['/cart', '/summer-sale/tins', '/images/tea.png', '/pages/1/reviews', '/about?path=/pages/1'];
const LINKS = [...OTHERS, NOT_HELD, ...PREFETCHABLE.filter((path) => path !== '/pages/last'), '/pages/last']
  .map((path) => `<a href="${path}">${path}</a> `)
  .join('');

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);
  let routes: string;
  beforeAll(() => {
    routes = readFileSync(join(PROJECT, 'examples/routes.py'), 'utf8');
  });

  const clients = [
    { client: 'ours, pinned', src: PINNED, worker: OUR_WORKER },
    { client: 'the published one', src: INSTALL, worker: WORKER },
  ];
  const cases = ENGINES.flatMap((engine) => clients.map((client) => ({ engine, ...client })));

  it.each(cases)(
    '$client prefetches the links of the example routes from $engine, and a click needs no network',
    async ({ engine, src, worker }) => {
      const { edge, origin, tab } = await visitBehind(browser(), {
        engine,
        pages: {
          '/': install(LINKS, '', src),
          [INSTALL]: script(publishedClient().install),
          [WORKER]: script(publishedClient().worker),
          ...named(...PREFETCHABLE, NOT_HELD, ...OTHERS),
        },
        routes,
        opened: PREFETCHABLE,
      });
      await tab.stored(...PREFETCHABLE);
      const { outcomes } = await edge.whenPrefetched(NOT_HELD);
      expect(outcomes).toEqual({
        ...Object.fromEntries(PREFETCHABLE.map((path) => [path, [200]])),
        [NOT_HELD]: [412],
      });
      expect(await tab.page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toBe(
        edge.url(worker),
      );
      expect(
        origin.targets.filter((target) => target !== '/' && target !== INSTALL && target !== WORKER),
      ).toEqual([]);
      expect(await tab.follow('/pages/2')).toBe('/pages/2');
      expect((await edge.log()).visits('/pages/2')).toEqual([]);
    },
  );
});
