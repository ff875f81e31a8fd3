import { describe, expect, test, vi } from 'vitest';
import { FakeWorker, ORIGIN } from '../testing/fakeWorker.js';
import { html, startWorker } from '../testing/startWorker.js';
import { Prefetcher } from './prefetcher.js';

describe('a prefetched page', () => {
  test('answers the later request without the network', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.prefetch('/a');
    expect([await (await worker.fetch('/a'))?.text(), worker.requested.length]).toEqual(['page', 1]);
  });

  test('is requested with the marks that the edge reads', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.prefetch('/a');
    expect(worker.requested).toEqual(['GET /a?edgio_dt_pf=1&edgio_prefetch=1']);
  });

  test('is reported to the page that asked, with its end', async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const worker = startWorker({ '/a': html('page') });
    expect(await worker.prefetch('/a')).toEqual({
      action: 'report',
      event: 'prefetch',
      url: `${ORIGIN}/a`,
      status: 200,
      expires: 1_120_000,
    });
    vi.useRealTimers();
  });

  test('is not requested again while it is fresh', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.prefetch('/a');
    expect([(await worker.prefetch('/a'))?.event, worker.requested.length]).toEqual(['kept', 1]);
  });

  test('says whether it was used when it is requested again', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.prefetch('/a');
    const before = await worker.prefetch('/a');
    await worker.fetch('/a');
    expect([before?.isUsed, (await worker.prefetch('/a'))?.isUsed]).toEqual([false, true]);
  });

  test('notifies the page that uses it', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.prefetch('/a');
    await worker.fetch('/a');
    expect(worker.posted.at(-1)?.message).toMatchObject({ event: 'hit', url: `${ORIGIN}/a` });
  });

  test('knows that a navigation was answered by it', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.prefetch('/a');
    await worker.fetch('/a', { resultingClientId: 'next' });
    expect(await worker.send({ action: 'get-stats' }, 'next')).toMatchObject({ servedFromStore: true });
  });

  test('is not used by a reload', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.prefetch('/a');
    await worker.fetch('/a', { cache: 'no-cache' });
    expect(worker.requested.at(-1)).toBe('GET /a');
  });
});

describe('fault 10b: pages with repeated parameters', () => {
  test('do not answer for each other', async () => {
    const worker = startWorker({
      '/filter?color=red&color=blue': html('blue'),
      '/filter?color=red&color=green': html('green'),
    });
    await worker.prefetch('/filter?color=red&color=blue');
    expect(await (await worker.fetch('/filter?color=red&color=green'))?.text()).toBe('green');
  });
});

describe('a response that varies', () => {
  const page = html('page', { vary: 'HX-Request, Accept-Encoding' });

  test('by a header that a script sets does not answer a request with that header', async () => {
    const worker = startWorker({ '/a': page });
    await worker.prefetch('/a');
    worker.answers['/a'] = html('part');
    expect(await (await worker.fetch('/a', { headers: { 'HX-Request': 'true' } }))?.text()).toBe('part');
  });

  test('answers one without it', async () => {
    const worker = startWorker({ '/a': page });
    await worker.prefetch('/a');
    await worker.fetch('/a', { headers: { 'accept-encoding': 'br' } });
    expect(worker.requested.length).toBe(1);
  });

  test('is not stored when it came for that header', async () => {
    const part = html('part', { vary: 'X-Inertia', 'x-sw-cache-control': 'max-age=60' });
    const worker = startWorker({ '/a': part });
    await worker.fetch('/a', { headers: { 'X-Inertia': 'true' } });
    worker.answers['/a'] = html('page');
    expect(await (await worker.fetch('/a'))?.text()).toBe('page');
  });

  test.each([
    ['application/json', 'text/html,application/xhtml+xml,*/*;q=0.8', 2],
    ['text/html', 'text/html,application/xhtml+xml,*/*;q=0.8', 1],
    ['image/png', 'image/avif,image/*,*/*;q=0.8', 1],
    ['application/json', '*/*', 1],
  ])('by Accept, as %s, and is asked for as %s: %i requests', async (type, accept, requests) => {
    const worker = startWorker({ '/a': html('x', { 'content-type': type, vary: 'Accept' }) });
    await worker.prefetch('/a');
    await worker.fetch('/a', { headers: { accept } });
    expect(worker.requested.length).toBe(requests);
  });
});

describe('a refused prefetch', () => {
  test('of the edge is passed on as it is', async () => {
    const worker = startWorker({ '/a': html('', {}, 412) });
    expect((await worker.fetch('/a?edgio_dt_pf=1&edgio_prefetch=1'))?.status).toBe(412);
  });

  test('is reported with its status', async () => {
    const worker = startWorker({ '/a': html('', {}, 412) });
    expect(await worker.prefetch('/a')).toMatchObject({ event: 'refused', status: 412 });
  });

  test('is followed by a normal request', async () => {
    const worker = startWorker({ '/a': html('', {}, 412) });
    await worker.prefetch('/a');
    worker.answers['/a'] = html('page');
    expect(await (await worker.fetch('/a'))?.text()).toBe('page');
  });

  test('fault 10: of a private page says so', async () => {
    const worker = startWorker({ '/a': html('mine', { 'cache-control': 'private, no-store' }) });
    expect(await worker.prefetch('/a')).toMatchObject({ event: 'refused', reason: 'private' });
  });

  test('because the store was cleared meanwhile is not stored', async () => {
    const worker = startWorker({});
    worker.answers['/a'] = async () => {
      await worker.send({ action: 'clear' });
      return html('of the last user');
    };
    expect((await worker.prefetch('/a'))?.event).toBe('refused');
  });
});

describe('other requests', () => {
  test('are stored when the edge says for how long', async () => {
    const worker = startWorker({ '/a': html('page', { 'x-sw-cache-control': 'max-age=60' }) });
    await worker.fetch('/a');
    await worker.fetch('/a');
    expect(worker.requested).toEqual(['GET /a']);
  });

  test('are not stored otherwise', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.fetch('/a');
    await worker.fetch('/a');
    expect(worker.requested).toEqual(['GET /a', 'GET /a']);
  });

  test.each([
    ['of another origin', 'https://other.example/a', {}],
    ['for our own files', '/__edgio__/cache-manifest.js', {}],
    ['for a part of a file', '/film.mp4', { headers: { range: 'bytes=0-' } }],
    ["into the browser's own cache", '/a?edgio_dt_pf=1&edgio_prefetch_http=1', {}],
    ['that are authorised', '/api', { headers: { authorization: 'Bearer x' } }],
  ])('%s pass untouched', async (_, target, init) => {
    expect(await startWorker({}).fetch(target, init)).toBeUndefined();
  });

  test('that the browser has preloaded are not made twice', async () => {
    const worker = startWorker({});
    const response = await worker.fetch('/a', { resultingClientId: 'next', preloaded: html('preloaded') });
    expect([await response?.text(), worker.requested]).toEqual(['preloaded', []]);
  });

  test('that fail offline fail as without a worker', async () => {
    await expect(startWorker({}).fetch('/a')).rejects.toThrow('offline');
  });

  test('are answered when the store cannot be read', async () => {
    const worker = startWorker({ '/a': html('page') });
    vi.stubGlobal('caches', { open: () => Promise.reject(new Error('denied')) });
    expect(await (await worker.fetch('/a'))?.text()).toBe('page');
  });
});

describe('a storage that hangs', () => {
  test('does not make the site hang', async () => {
    vi.useFakeTimers();
    const worker = startWorker({ '/a': html('page') });
    vi.stubGlobal('caches', { open: () => new Promise(() => undefined) });
    const answer = worker.respond('/a');
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    expect(await (await answer)?.text()).toBe('page');
  }, 500);

  test('and answers too late counts no hit', async () => {
    vi.useFakeTimers();
    const worker = startWorker({ '/a': html('page') });
    await worker.prefetch('/a');
    const { caches } = worker;
    const has = (): Promise<boolean> => new Promise((resolve) => setTimeout(resolve, 1500, true));
    vi.stubGlobal('caches', { open: caches.open.bind(caches), has });
    const answer = worker.respond('/a');
    await vi.advanceTimersByTimeAsync(2000);
    await answer;
    vi.useRealTimers();
    expect(await worker.send({ action: 'get-stats' })).toMatchObject({ stats: { hits: 0 } });
  });
});

describe('POST', () => {
  const STAND_IN = '/p?pref_edgio_body=b&pref_edgio_method=post';

  test('fault 9: is answered by its prefetched stand-in', async () => {
    const worker = startWorker({ [STAND_IN]: html('result') });
    await worker.prefetch(STAND_IN);
    expect(await (await worker.fetch('/p', { method: 'POST', body: 'b' }))?.text()).toBe('result');
  });

  test('with another body goes to the network', async () => {
    const worker = startWorker({ [STAND_IN]: html('result'), '/p': html('other') });
    await worker.prefetch(STAND_IN);
    expect(await (await worker.fetch('/p', { method: 'POST', body: 'c' }))?.text()).toBe('other');
  });

  test('without any stand-in passes untouched', async () => {
    const worker = startWorker({});
    await worker.send({ action: 'get-stats' });
    expect(await worker.fetch('/p', { method: 'POST', body: 'b' })).toBeUndefined();
  });

  test('that uploads a file passes untouched', async () => {
    const init = {
      method: 'POST',
      body: 'b',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    };
    expect(await startWorker({}).fetch('/p', init)).toBeUndefined();
  });

  test('goes to the network whole when a worker has just woken up', async () => {
    const worker = startWorker({ '/p': async (request) => html(await request.text()) });
    expect(await (await worker.fetch('/p', { method: 'POST', body: 'b' }))?.text()).toBe('b');
  });

  test('is never stored itself', async () => {
    const worker = startWorker({ '/p': html('done', { 'x-sw-cache-control': 'max-age=60' }) });
    await worker.fetch('/p', { method: 'POST', body: 'b' });
    expect(await worker.send({ action: 'get-stats' })).toMatchObject({ stats: { entries: 0 } });
  });
});

describe('the store is cleared', () => {
  test('by a message', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.prefetch('/a');
    await worker.send({ action: 'clear' });
    await worker.fetch('/a');
    expect(worker.requested.at(-1)).toBe('GET /a');
  });

  test.each(['"cache"', '"storage", "cookies"', '"*"', '"prefetchCache"'])(
    'by Clear-Site-Data: %s',
    async (value) => {
      const worker = startWorker({
        '/a': html('page'),
        '/logout': html('bye', { 'clear-site-data': value }),
      });
      await worker.prefetch('/a');
      await worker.fetch('/logout');
      expect(await worker.send({ action: 'get-stats' })).toMatchObject({ stats: { entries: 0 } });
    },
  );

  test('not by Clear-Site-Data: "cookies"', async () => {
    const worker = startWorker({ '/a': html('page'), '/b': html('b', { 'clear-site-data': '"cookies"' }) });
    await worker.prefetch('/a');
    await worker.fetch('/b');
    expect(await worker.send({ action: 'get-stats' })).toMatchObject({ stats: { entries: 1 } });
  });
});

describe('a page without control by the worker', () => {
  const message = {
    action: 'fetch-into-store',
    url: `${ORIGIN}/a?edgio_dt_pf=1&edgio_prefetch=1`,
    cors: 'anonymous',
  };

  test('fault 28: prefetches by message', async () => {
    const worker = startWorker({ '/a': html('page') });
    await worker.send(message);
    expect(await (await worker.fetch('/a'))?.text()).toBe('page');
  });

  test('gets the outcome', async () => {
    expect(await startWorker({ '/a': html('', {}, 412) }).send(message)).toMatchObject({
      event: 'refused',
      status: 412,
    });
  });

  test('chooses what is accepted', async () => {
    const worker = startWorker({ '/a': (request) => html(String(request.headers.get('accept'))) });
    await worker.send({ ...message, accept: 'image/avif,*/*' });
    expect(await (await worker.fetch('/a'))?.text()).toBe('image/avif,*/*');
  });

  test('gets a report when the network fails', async () => {
    expect(await startWorker({}).send(message)).toMatchObject({ event: 'refused' });
  });
});

test('route() listens once', () => {
  const worker = new FakeWorker();
  new Prefetcher().route().route();
  expect(worker.listeners('fetch')).toBe(1);
});

test.each([null, 'text', { type: 'SKIP_WAITING' }])('a message of others is ignored: %j', async (message) => {
  expect(await startWorker({}).send(message)).toBeUndefined();
});

test('activation deletes stores of another form', async () => {
  const worker = startWorker({});
  await worker.caches.open('prefetchrouter-0');
  await worker.activate();
  expect(await worker.caches.keys()).toEqual([]);
});
