/** What requests cost when the service worker is asleep, as it mostly is: Chromium stops it after half a minute. */
import type { CDPSession } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { launchAround } from '../support/session';
import type { Visit } from '../support/visit';
import { guideRoutes, visitBehind } from './support/behind';
import { fetched, install, named } from './support/pages';

const PATHS = ['/pages/1', '/Pages/2', '/pages/3'];
const LINKS = [...PATHS, '/pages/unknown', '/about'].map((path) => `<a href="${path}">${path}</a> `).join('');

/** Stops the worker, and resolves when it no longer runs. */
async function putToSleep(tab: Visit): Promise<void> {
  const session: CDPSession = await tab.page.createCDPSession();
  const stopped = new Promise<void>((resolve) => {
    session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      if (versions.length && versions.every(({ runningStatus }) => runningStatus === 'stopped')) resolve();
    });
  });
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await stopped;
  await session.detach();
}

/** When the worker was started or asked for this page; 0 for a page that went past it. */
const workerStart = (tab: Visit): Promise<number | undefined> =>
  tab.page.evaluate(() => performance.getEntriesByType('navigation')[0]?.toJSON().workerStart);

describe('in chromium, with the worker asleep', () => {
  const browser = launchAround('chromium');

  const visit = () =>
    visitBehind(browser(), {
      pages: { '/': install(LINKS), ...named(...PATHS, '/pages/unknown', '/about', '/data') },
      routes: guideRoutes('.get("/data", caching={"max_age": "1h", "service_worker_max_age": "1h"})'),
      opened: [...PATHS, '/about'],
    });

  it('a click on a stored page is answered without the network', async () => {
    const { edge, tab } = await visit();
    await tab.stored(...PATHS);
    for (const path of PATHS) {
      await putToSleep(tab);
      await edge.forget();
      expect(await tab.follow(path)).toBe(path);
      await tab.controlled();
      expect((await edge.log()).visits(path)).toEqual([]);
      await tab.page.goBack({ waitUntil: 'domcontentloaded' });
    }
  });

  it('a click on one that is not stored is one request, and on one of no rule does not start it', async () => {
    const { edge, tab } = await visit();
    await tab.stored(...PATHS);
    await edge.forget();
    await putToSleep(tab);
    expect(await tab.follow('/pages/unknown')).toBe('/pages/unknown');
    expect((await edge.log()).visits('/pages/unknown')).toHaveLength(1);
    await tab.page.goBack({ waitUntil: 'domcontentloaded' });
    await putToSleep(tab);
    await edge.forget();
    expect(await tab.follow('/about')).toBe('/about');
    expect((await edge.log()).visits('/about')).toHaveLength(1);
    expect(await workerStart(tab)).toBe(0);
  });

  it('a stored response that is not a page is used too', async () => {
    const { edge, tab } = await visit();
    await tab.stored(...PATHS);
    await fetched(tab, '/data');
    await tab.stored('/data');
    await putToSleep(tab);
    await edge.forget();
    expect(await fetched(tab, '/data')).toContain('/data');
    expect((await edge.log()).visits('/data')).toEqual([]);
  });
});
