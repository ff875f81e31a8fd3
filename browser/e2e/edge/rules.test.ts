/** Rules that change while the browser is open. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BROWSERS } from '../support/browsers';
import { launchAround } from '../support/session';
import { guideRoutes, visitBehind } from './support/behind';
import { install, named, seen } from './support/pages';

const ARTICLES = '.match("/articles/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})';

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('count from the next page view on; wrong ones are told, and change nothing', async () => {
    const { edge, folder, tab } = await visitBehind(browser(), {
      pages: {
        '/': install('<a href="/articles/1">article</a> <a href="/pages/1">page</a>'),
        ...named('/articles/1', '/pages/1'),
      },
      routes: guideRoutes(),
      opened: ['/articles/1', '/pages/1'],
      reloads: true,
    });
    await tab.stored('/pages/1');
    await seen(tab);
    expect((await edge.log()).prefetched).toEqual(['/pages/1']);

    writeFileSync(join(folder, 'routes.py'), guideRoutes(ARTICLES));
    await edge.whenTold('changed');
    await edge.visited('/articles/1');
    await tab.page.reload();
    await tab.stored('/articles/1');
    expect((await edge.log()).outcomes).toEqual({ '/pages/1': [200], '/articles/1': [200] });

    writeFileSync(
      join(folder, 'routes.py'),
      guideRoutes('.match("/articles/:id", caching={"max_age": "1hr"})'),
    );
    await edge.whenTold('wrong');
    expect(JSON.stringify(edge.events.at(-1))).toContain('1hr');
    const manifest = await fetch(edge.url('/__edgio__/cache-manifest.js'));
    expect(await manifest.text()).toContain('/articles/:id');
  });
});
