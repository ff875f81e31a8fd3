/** What is measured of one mode in one browser, by a visitor who has not been here before. */

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const isPage = ({ url }) => url.startsWith('/pages/');

async function until(test, milliseconds = 15_000) {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(10)) {
    const found = await test();
    if (found) return found;
  }
  return undefined;
}

async function withTab(browser, link, run) {
  // Firefox goes on with what a closed tab has begun.
  await quiet(link);
  const context = await browser.createBrowserContext();
  const tab = await context.newPage();
  try {
    return await run(tab);
  } finally {
    await context.close();
  }
}

const address = (link, mode, kind) => `${link.url}/from/${encodeURIComponent(mode)}/${kind}`;

/** Waits until nothing has come over the link for a while. */
async function quiet(link, milliseconds = 800) {
  let before = -1;
  while (before !== link.seen.bytes) {
    before = link.seen.bytes;
    await sleep(milliseconds);
  }
}

/** What the page behind a click reports of its navigation, once it has loaded. */
const timing = () => {
  const [entry] = performance.getEntriesByType('navigation');
  if (location.pathname.startsWith('/from/') || !entry?.loadEventEnd) return undefined;
  const { timeOrigin } = performance;
  return { first: timeOrigin + entry.responseStart, loaded: timeOrigin + entry.loadEventEnd };
};

/** Clicks, and returns the milliseconds to the first byte and to the load of the page behind the link. */
async function click(tab, selector) {
  const time = Date.now();
  // Nothing but the click is measured, so no pointer comes first.
  await tab.evaluate((found) => document.querySelector(found).click(), selector);
  const found = await until(() => tab.evaluate(timing).catch(() => undefined), 60_000);
  if (!found) throw new Error('the page has not loaded');
  return { first: found.first - time, loaded: found.loaded - time };
}

/** Milliseconds from the request of a page with five links to the first prefetch, and the bytes until then. */
export const firstPrefetch = (browser, link, mode) =>
  withTab(browser, link, async (tab) => {
    link.forget();
    await tab.goto(address(link, mode, 'five'), { waitUntil: 'domcontentloaded' });
    const first = await until(() => link.seen.requests.find(isPage), mode === 'no script' ? 0 : 8000);
    const [start] = link.seen.requests;
    return first && { 'first prefetch': first.time - start.time, 'bytes before': first.bytes };
  });

async function halfASecondLater(tab, link, mode, column) {
  link.forget();
  await tab.goto(address(link, mode, 'one'), { waitUntil: 'load' });
  if (mode !== 'no script') await until(() => link.seen.requests.find(isPage), 3000);
  await sleep(500);
  const before = link.seen.bytes;
  link.note('click');
  const { loaded } = await click(tab, 'a[href="/pages/0"]');
  link.note('loaded');
  return { [column]: loaded, [`${column}: bytes`]: link.seen.bytes - before };
}

/** Milliseconds from a click to the load of a page, when its prefetch has begun half a second ago; and the bytes. */
export const clickUnderWay = (browser, link, mode) =>
  withTab(browser, link, (tab) => halfASecondLater(tab, link, mode, 'click, under way'));

/** The same on the second page of a visit. */
export const clickUnderWayLater = (browser, link, mode) =>
  withTab(browser, link, async (tab) => {
    await tab.goto(address(link, mode, 'none'), { waitUntil: 'load' });
    await sleep(2000);
    return halfASecondLater(tab, link, mode, 'click, under way, 2nd page');
  });

/** Milliseconds from a click to the load of a page, when its prefetch has ended. */
export const clickAfter = (browser, link, mode) =>
  withTab(browser, link, async (tab) => {
    await tab.goto(address(link, mode, 'one'), { waitUntil: 'load' });
    await sleep(1500);
    await quiet(link);
    const { loaded } = await click(tab, 'a[href="/pages/0"]');
    return { 'click after it': loaded };
  });

/** Milliseconds from a click to the first byte of a page of no rule, with a worker that sleeps if there is one. */
export const clickOther = (browser, link, mode) =>
  withTab(browser, link, async (tab) => {
    await tab.goto(address(link, mode, 'one'), { waitUntil: 'load' });
    await sleep(1500);
    await quiet(link);
    const session = await tab.createCDPSession();
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
    await sleep(300);
    const { first } = await click(tab, '#other');
    return { 'click elsewhere, first byte': first };
  });

/** Milliseconds of script and of all tasks on a page with 1,000 links, within three seconds. */
export const costs = (browser, link, mode) =>
  withTab(browser, link, async (tab) => {
    const session = await tab.createCDPSession();
    await session.send('Performance.enable');
    await tab.goto(address(link, mode, 'many'), { waitUntil: 'load' });
    await sleep(3000);
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (wanted) => 1000 * metrics.find(({ name }) => name === wanted).value;
    return { 'script, 1,000 links': of('ScriptDuration'), 'tasks, 1,000 links': of('TaskDuration') };
  });
