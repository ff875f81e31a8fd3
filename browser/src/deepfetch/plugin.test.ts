// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import type { Arrival } from '../sw/types.js';
import { type DeepFetchCallbackParam, type DeepFetchConfig, DeepFetchPlugin } from './index.js';
import { queryHtml } from './page.js';

const DOCUMENT_URL = 'https://shop.example/shop/p';

let prefetch: Mock;
let warn: Mock;
beforeEach(() => {
  prefetch = vi.fn(async () => 'prefetched');
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {}) as unknown as Mock;
});

function arrival(body: unknown, type: string, url = DOCUMENT_URL): Arrival {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    url,
    response: new Response(text, { headers: { 'content-type': type } }),
    clientId: 'page',
    prefetch,
    askPage: async ({ query }) => structuredClone(queryHtml(query as Parameters<typeof queryHtml>[0])),
  };
}

async function deepFetch(configs: DeepFetchConfig[], body: unknown, type: string): Promise<unknown[]> {
  await new DeepFetchPlugin(configs).prefetched(arrival(body, type));
  return prefetch.mock.calls;
}

describe('JSON', () => {
  const find = (configs: DeepFetchConfig[], body: unknown, type = 'application/json') =>
    deepFetch(configs, body, type);

  it('prefetches what the query finds, as what the config says', async () => {
    expect(
      await find([{ jsonQuery: 'items.img', as: 'image' }], { items: [{ img: '/a' }, { img: '/b' }] }),
    ).toEqual([
      ['https://shop.example/a', 'image', undefined],
      ['https://shop.example/b', 'image', undefined],
    ]);
  });

  it('resolves relative URLs against the document (fault 16)', async () => {
    expect(await find([{ jsonQuery: 'img' }], { img: 'img/rel.png' })).toEqual([
      ['https://shop.example/shop/img/rel.png', undefined, undefined],
    ]);
  });

  it('stops at maxMatches, and 0 means none', async () => {
    const body = { img: ['/1', '/2', '/3'] };
    expect(await find([{ jsonQuery: 'img', maxMatches: 2 }], body)).toHaveLength(2);
    prefetch.mockClear();
    expect(await find([{ jsonQuery: 'img', maxMatches: 0 }], body)).toHaveLength(0);
  });

  it('requests each URL once', async () => {
    expect(await find([{ jsonQuery: 'img' }], { img: ['/1', '/1#x', '/1'] })).toHaveLength(1);
  });

  it.each(['application/json; charset=utf-8', 'application/vnd.api+json', 'application/problem+json'])(
    'reads %s',
    async (type) => {
      expect(await find([{ jsonQuery: 'img' }], { img: '/1' }, type)).toHaveLength(1);
    },
  );

  it('leaves other types alone', async () => {
    expect(await find([{ jsonQuery: 'img' }], { img: '/1' }, 'text/plain')).toHaveLength(0);
  });

  it('passes cors on', async () => {
    expect(await find([{ jsonQuery: 'img', cors: false }], { img: '/1' })).toEqual([
      ['https://shop.example/1', undefined, { cors: false }],
    ]);
  });

  it('skips what cannot be fetched over HTTP', async () => {
    expect(await find([{ jsonQuery: 'img' }], { img: ['data:image/png,x', 'http://', '/1'] })).toHaveLength(
      1,
    );
  });

  it('says so when a query finds something, but no URL', async () => {
    await find([{ jsonQuery: 'n' }], { n: 7 });
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('the query found no string'));
  });

  it('says nothing when a query finds nothing', async () => {
    await find([{ jsonQuery: 'n' }, { jsonQuery: 'list' }], { list: [] });
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('HTML', () => {
  const find = (configs: DeepFetchConfig[], body: string, type = 'text/html; charset=utf-8') =>
    deepFetch(configs, body, type);

  it('prefetches the src of the elements, at most maxMatches (fault 24)', async () => {
    const body = '<img class="hero" src="/1.png"><img class="hero" src="/2.png">';
    expect(await find([{ selector: 'img.hero', maxMatches: 1, as: 'image' }], body)).toEqual([
      ['https://shop.example/1.png', 'image', undefined],
    ]);
  });

  it('reads another attribute', async () => {
    const config: DeepFetchConfig = { selector: 'video', attribute: 'poster', as: 'image' };
    expect(await find([config], '<video poster="a.jpg"></video>')).toEqual([
      ['https://shop.example/shop/a.jpg', 'image', undefined],
    ]);
  });

  it('resolves relative URLs against the document, or its base element', async () => {
    await find([{ selector: 'img' }], '<img src="img/rel.png">');
    await find([{ selector: 'img' }], '<base href="/assets/"><img src="img/rel.png">');
    expect(prefetch.mock.calls.map(([url]) => url)).toEqual([
      'https://shop.example/shop/img/rel.png',
      'https://shop.example/assets/img/rel.png',
    ]);
  });

  it('reads application/xhtml+xml', async () => {
    expect(await find([{ selector: 'img' }], '<img src="/1" />', 'application/xhtml+xml')).toHaveLength(1);
  });

  it('calls the callback instead, with the element, its wrapper and the document URL', async () => {
    const seen: unknown[] = [];
    const callback = ({ $el, el, $, srcURL }: DeepFetchCallbackParam): void => {
      seen.push([
        $el.attr('data-src'),
        el.getAttribute('alt'),
        $(el).text(),
        $(el).hasClass('g'),
        $el.html(),
        srcURL,
      ]);
    };
    expect(
      await find([{ selector: 'p', callback }], '<p class="f g" data-src="/{width}.png"><b>t</b></p>'),
    ).toEqual([]);
    expect(seen).toEqual([['/{width}.png', null, 't', true, '<b>t</b>', DOCUMENT_URL]]);
  });

  it('counts each element for a callback, with or without a src', async () => {
    const callback = vi.fn();
    await find(
      [{ selector: 'img', maxMatches: 2, callback }],
      '<img data-src=1><img data-src=2><img data-src=3>',
    );
    expect(callback).toHaveBeenCalledTimes(2);
  });

  it('explains to the author of a callback that $ wraps elements', async () => {
    const callback = ({ $ }: DeepFetchCallbackParam): unknown => $('img' as never);
    await find([{ selector: 'i', callback }], '<i></i>');
    await vi.waitFor(() => expect(warn).toHaveBeenCalledWith(expect.stringContaining('$ wraps the element')));
  });

  it('does not deep fetch links', async () => {
    expect(await find([{ selector: 'a', attribute: 'href' }], '<a href="/1">1</a>')).toEqual([]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('links are separate pages'));
  });

  it('does nothing when no page answers', async () => {
    const lonely = { ...arrival('<img src=1>', 'text/html'), askPage: async () => undefined };
    await new DeepFetchPlugin([{ selector: 'img' }]).prefetched(lonely);
    expect(prefetch).not.toHaveBeenCalled();
  });
});

describe('one bad config never ends the others:', () => {
  const good: DeepFetchConfig = { selector: 'img' };
  const throwing = {
    selector: 'img',
    callback: () => {
      throw new Error('callback');
    },
  };
  const rejecting = { selector: 'img', callback: async () => Promise.reject(new Error('later')) };
  it.each([
    ['an invalid selector', { selector: 'img[' }],
    ['a callback that throws', throwing],
    ['a callback that rejects', rejecting],
    ['a query that cannot be read', { jsonQuery: 'a[' }],
    ['neither selector nor query', {}],
    ['null', null],
  ])('%s', async (_, bad) => {
    const plugin = new DeepFetchPlugin([bad as DeepFetchConfig, good]);
    await plugin.prefetched(arrival('<img src="/1">', 'text/html'));
    expect(prefetch).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1));
  });

  it('a helper that throws', async () => {
    const boom = (): never => {
      throw new Error('boom');
    };
    const plugin = new DeepFetchPlugin([
      { jsonQuery: 'a:boom', jsonQueryOptions: { locals: { boom } } },
      { jsonQuery: 'a' },
    ]);
    await plugin.prefetched(arrival({ a: '/1' }, 'application/json'));
    expect(prefetch).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('boom')));
  });

  it('a prefetch that rejects', async () => {
    prefetch.mockRejectedValueOnce(new TypeError('no such URL'));
    await new DeepFetchPlugin([{ jsonQuery: 'a' }]).prefetched(
      arrival({ a: ['/1', '/2'] }, 'application/json'),
    );
    expect(prefetch).toHaveBeenCalledTimes(2);
    await vi.waitFor(() =>
      expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('no such URL')),
    );
  });
});

it('does not deep fetch what it fetched itself', async () => {
  const plugin = new DeepFetchPlugin([{ jsonQuery: 'next' }]);
  await plugin.prefetched(arrival({ next: '/2.json' }, 'application/json'));
  await plugin.prefetched(arrival({ next: '/3.json' }, 'application/json', 'https://shop.example/2.json'));
  expect(prefetch.mock.calls.map(([url]) => url)).toEqual(['https://shop.example/2.json']);
});
