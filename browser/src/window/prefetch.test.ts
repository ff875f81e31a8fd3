// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openPage } from '../testing/openPage.js';

const SHOP = 'https://shop.example';
const MARKS = 'edgio_dt_pf=1&edgio_prefetch=1';

afterEach(() => {
  vi.useRealTimers();
});

describe('the request', () => {
  test('is for the marked URL, and goes to the worker', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/a');
    expect(page.prefetches.at(-1)).toMatchObject({
      action: 'fetch-into-store',
      url: `${SHOP}/a?${MARKS}`,
      cors: 'anonymous',
    });
  });

  test('accepts what images are, for one', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/a.png', 'image');
    expect(page.prefetches.at(-1)).toMatchObject({ accept: expect.stringContaining('image/webp') });
  });

  test('cors: false is passed on', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/a', 'fetch', { cors: false });
    expect(page.prefetches.at(-1)).toMatchObject({ cors: false });
  });

  test('fault 5: resolves relative URLs as links do', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('rel/path?x=1#f', 'document', { includeCacheMisses: true });
    expect(page.hrefs).toEqual([`${SHOP}/blog/rel/path?x=1&edgio_dt_pf=1`]);
  });

  test('another origin needs no worker and no mark', async () => {
    const { page, prefetch } = await openPage({ isRegistered: false, isControlled: false });
    page.outcome = () => 'load';
    await prefetch('https://other.example/x', 'image', { maxAgeSeconds: 60, cors: false });
    expect(page.hrefs).toEqual(['https://other.example/x?edgio_prefetch_ttl=60']);
  });
});

test.each(['load', 'error'] as const)('the link does not stay after %s', async (event) => {
  const { page, prefetch } = await openPage();
  page.outcome = () => event;
  const remove = vi.spyOn(HTMLLinkElement.prototype, 'remove');
  await prefetch('https://other.example/s.css', 'style');
  expect(remove).toHaveBeenCalledOnce();
});

describe('the options of a call', () => {
  test('maxAgeSeconds', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/ttl', 'fetch', { maxAgeSeconds: 300 });
    expect(page.hrefs).toEqual([`${SHOP}/ttl?${MARKS}&edgio_prefetch_ttl=300`]);
  });

  test('method and body', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/p', 'fetch', { method: 'post', body: 'b' });
    expect(page.hrefs).toEqual([`${SHOP}/p?${MARKS}&pref_edgio_body=b&pref_edgio_method=post`]);
  });

  test('includeCacheMisses of install() can be taken back', async () => {
    const { page, configure, prefetch } = await openPage();
    configure({ includeCacheMisses: true });
    await prefetch('/a', 'fetch', { includeCacheMisses: false });
    expect(page.hrefs).toEqual([`${SHOP}/a?${MARKS}`]);
  });

  test('forcePrefetchRatio of 1 lets every miss through', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/a', 'fetch', { forcePrefetchRatio: 1 });
    expect(page.hrefs).toEqual([`${SHOP}/a?edgio_dt_pf=1`]);
  });

  test('forcePrefetchRatio is drawn', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { page, prefetch } = await openPage();
    await prefetch('/a', 'fetch', { forcePrefetchRatio: 0.5 });
    await prefetch('/b', 'fetch', { forcePrefetchRatio: 0.51 });
    expect(page.hrefs).toEqual([`${SHOP}/a?${MARKS}`, `${SHOP}/b?edgio_dt_pf=1`]);
  });

  test('an undefined one is as good as absent', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/a', 'fetch', { cors: undefined });
    expect(page.prefetches.at(-1)).toMatchObject({ cors: 'anonymous' });
  });

  test('headers are left out with a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { prefetch } = await openPage();
    await prefetch('/a', 'fetch', { headers: { a: '1' } } as object);
    expect(warn).toHaveBeenCalledOnce();
  });

  test('fault 25: are not changed', async () => {
    const { prefetch } = await openPage();
    const config = Object.freeze({});
    await prefetch('/a', 'fetch', config);
    expect(config).toEqual({});
  });

  test('fault 25: may be null', async () => {
    const { prefetch } = await openPage();
    expect(await prefetch('/a', 'fetch', null)).toBe('prefetched');
  });
});

describe('a URL', () => {
  test.each([undefined, null, ''])('that is %j is one line on the console', async (url) => {
    const error = vi.spyOn(console, 'error').mockReturnValue();
    const { prefetch } = await openPage();
    expect([await prefetch(url as unknown as string), error.mock.calls.length]).toEqual(['skipped', 1]);
  });

  test('that cannot be read rejects', async () => {
    const { prefetch } = await openPage();
    await expect(prefetch('http://')).rejects.toThrow();
  });

  test.each(['mailto:a@shop.example', 'tel:1', 'javascript:0'])(
    'that is not HTTP is refused: %s',
    async (url) => {
      const { page, prefetch } = await openPage();
      expect([await prefetch(url), page.hrefs]).toEqual(['refused', []]);
    },
  );

  test('of more than 8192 bytes is refused', async () => {
    vi.spyOn(console, 'warn').mockReturnValue();
    const { prefetch } = await openPage();
    expect(await prefetch(`/${'a'.repeat(8192)}`)).toBe('refused');
  });

  test('fault 19: may hold quotes, twice', async () => {
    const { prefetch } = await openPage();
    expect([await prefetch("/o'brien"), await prefetch("/o'brien")]).toEqual(['prefetched', 'skipped']);
  });

  test('may be an object of class URL', async () => {
    const { page, prefetch } = await openPage();
    await prefetch(new URL('/a', SHOP));
    expect(page.hrefs).toEqual([`${SHOP}/a?${MARKS}`]);
  });
});

describe('a repeated call', () => {
  test('joins the one that is under way', async () => {
    const { page, prefetch } = await openPage();
    await Promise.all([prefetch('/a'), prefetch('/a')]);
    expect(page.hrefs.length).toBe(1);
  });

  test('is skipped while the stored response is fresh', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/a');
    expect([await prefetch('/a'), page.hrefs.length]).toEqual(['skipped', 1]);
  });

  test('requests again when the worker says that the stored response is gone', async () => {
    const { page, prefetch } = await openPage();
    page.outcome = () => ({ event: 'prefetch', expires: Date.now() - 1 });
    await prefetch('/a');
    expect(await prefetch('/a')).toBe('prefetched');
  });

  test('fault 20: leaves the page’s own links alone', async () => {
    const { page, prefetch } = await openPage();
    page.outcome = () => 'load';
    document.head.innerHTML = '<link rel="icon" href="https://other.example/s.css">';
    await prefetch('https://other.example/s.css', 'style');
    await prefetch('https://other.example/s.css', 'style');
    expect(document.querySelectorAll('link[rel=icon]').length).toBe(1);
  });

  test('fault 26: with a ratio does not request twice', async () => {
    const { page, configure, prefetch } = await openPage();
    configure({ forcePrefetchRatio: 0.5 });
    await Promise.all(Array.from({ length: 40 }, () => prefetch('/a')));
    expect(page.hrefs.length).toBe(1);
  });

  test('requests again after clear()', async () => {
    const { prefetch, clear } = await openPage();
    await prefetch('/a');
    await clear();
    expect(await prefetch('/a')).toBe('prefetched');
  });

  test('is asked for again on a page that the browser has kept and shows again', async () => {
    const { page, install, prefetch } = await openPage();
    vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', { rules: [] });
    await install();
    await prefetch('/a');
    const before = await prefetch('/a');
    page.outcome = () => ({ event: 'kept' });
    dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    await prefetch('/a');
    expect([before, page.hrefs.length]).toEqual(['skipped', 2]);
  });
});

describe('a refusal of the edge (412)', () => {
  const refused = { event: 'refused', status: 412 } as const;

  test('is an outcome, not an error', async () => {
    const { page, prefetch } = await openPage();
    page.outcome = () => refused;
    expect(await prefetch('/a')).toBe('refused');
  });

  test('is remembered', async () => {
    const { page, prefetch } = await openPage();
    page.outcome = () => refused;
    await prefetch('/a');
    expect([await prefetch('/a'), page.hrefs.length]).toEqual(['skipped', 1]);
  });

  test('is forgotten after missMemorySeconds', async () => {
    const { page, configure, prefetch } = await openPage();
    page.outcome = () => refused;
    configure({ missMemorySeconds: 0 });
    await prefetch('/a');
    expect(await prefetch('/a')).toBe('refused');
  });

  test('is forgotten when the URL is opened, here or by a link', async () => {
    const { page, install, prefetch } = await openPage({ url: `${SHOP}/a?b=1#part` });
    page.outcome = () => refused;
    const all = (): Promise<unknown> => Promise.all(['/a?b=1', '/b', '/c'].map((url) => prefetch(url)));
    await all();
    vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', { rules: [] });
    await install();
    document.body.innerHTML = '<a href="/b#end" onclick="return false"><b>b</b></a>';
    document.querySelector('b')?.dispatchEvent(new Event('click', { bubbles: true, cancelable: true }));
    expect(await all()).toEqual(['refused', 'refused', 'skipped']);
  });

  test('gives way to what the worker has by now', async () => {
    const { page, configure, prefetch, states } = await openPage();
    configure({ missMemorySeconds: 0 });
    page.outcome = () => refused;
    await prefetch('/a');
    page.outcome = () => ({ event: 'kept', isUsed: false });
    await prefetch('/a');
    expect(states.get(`${SHOP}/a`)).toBe('prefetch');
  });

  test('and to what another page has used', async () => {
    const { page, prefetch, states } = await openPage();
    page.outcome = () => ({ event: 'kept', isUsed: true });
    await prefetch('/a');
    expect(states.get(`${SHOP}/a`)).toBe('hit');
  });

  test('does not matter to a call that includes misses', async () => {
    const { page, prefetch } = await openPage();
    page.outcome = () => refused;
    await prefetch('/a');
    page.outcome = () => ({ event: 'prefetch' });
    expect(await prefetch('/a', 'fetch', { includeCacheMisses: true })).toBe('prefetched');
  });

  test('unlike another failure, which is not remembered', async () => {
    const { page, prefetch } = await openPage();
    page.outcome = () => ({ event: 'refused', status: 503 });
    await prefetch('/a');
    expect(await prefetch('/a')).toBe('refused');
  });
});

describe('events', () => {
  test('report a prefetch', async () => {
    const { events, prefetch } = await openPage();
    const heard: unknown[] = [];
    events.addEventListener('prefetch', (event) => heard.push((event as CustomEvent).detail));
    await prefetch('/a');
    expect(heard).toEqual([{ url: `${SHOP}/a`, status: 200 }]);
  });

  test('say why one was refused', async () => {
    const { page, events, prefetch } = await openPage();
    page.outcome = () => ({ event: 'refused', reason: 'private', status: 200 });
    const heard: unknown[] = [];
    events.addEventListener('refused', (event) => heard.push((event as CustomEvent).detail));
    await prefetch('/a');
    expect(heard).toEqual([{ url: `${SHOP}/a`, reason: 'private', status: 200 }]);
  });

  test('that a response has gone let it be prefetched again', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/a');
    await prefetch('/b');
    page.tell({ action: 'report', event: 'wasted', url: `${SHOP}/a` });
    expect([await prefetch('/a'), await prefetch('/b')]).toEqual(['prefetched', 'skipped']);
  });

  test.each([
    { url: `${SHOP}/a`, expected: ['prefetched', 'skipped'] },
    { url: undefined, expected: ['prefetched', 'prefetched'] },
  ])('that the store has dropped $url let it be prefetched again', async ({ url, expected }) => {
    const { page, prefetch } = await openPage();
    await prefetch('/a');
    await prefetch('/b');
    page.tell({ action: 'dropped', url });
    expect([await prefetch('/a'), await prefetch('/b')]).toEqual(expected);
  });

  test.each(['hit', 'wasted'] as const)('report a %s that the worker saw', async (event) => {
    const { page, counters, stats } = await openPage();
    await stats();
    page.tell({ action: 'report', event, url: `${SHOP}/a` });
    expect(counters[event]).toBe(1);
  });

  test('are counted', async () => {
    const { counters, prefetch } = await openPage();
    await prefetch('/a');
    await prefetch('/b');
    expect(counters).toEqual({ prefetch: 2, hit: 0, refused: 0, wasted: 0 });
  });

  test('leave the last state of each URL', async () => {
    const { page, states, prefetch } = await openPage();
    await prefetch('/a');
    page.tell({ action: 'report', event: 'hit', url: `${SHOP}/a` });
    expect([...states]).toEqual([[`${SHOP}/a`, 'hit']]);
  });

  test('a hit of the same URL does not end a prefetch', async () => {
    const { page, prefetch } = await openPage();
    await prefetch('/first');
    page.outcome = () => 'nothing';
    vi.useFakeTimers();
    const outcome = prefetch('/a');
    page.tell({ action: 'report', event: 'hit', url: `${SHOP}/a` });
    await vi.advanceTimersByTimeAsync(31_000);
    expect(await outcome).toBe('refused');
  });
});

test('cacheHost: the request goes there, the state is that of the page’s URL', async () => {
  const { page, configure, states, prefetch } = await openPage();
  configure({ cacheHost: 'cdn.example' });
  page.outcome = () => ({ event: 'prefetch', url: `${SHOP}/a` });
  await prefetch('/a');
  expect([page.hrefs, [...states.keys()]]).toEqual([[`https://cdn.example/a?${MARKS}`], [`${SHOP}/a`]]);
});
