// @vitest-environment happy-dom
import { act, createElement, createRef, type ReactNode, type Ref, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { prefetch } from '../components/prefetch.js';
import { observedCount, show, stubVisibility } from '../testing/visibility.js';
import { Prefetch } from './index.js';

vi.mock('../components/prefetch.js', () => ({ prefetch: vi.fn() }));
stubVisibility();
vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

let container: HTMLElement;
let root: Root;
beforeEach(() => {
  stubVisibility();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.mocked(prefetch).mockClear();
  container = document.body.appendChild(document.createElement('div'));
  root = createRoot(container);
});
afterEach(async () => {
  await act(async () => root.unmount());
  container.remove();
});

const render = (node: ReactNode): Promise<void> => act(async () => root.render(node));
const link = (): HTMLAnchorElement => container.querySelector('a') as HTMLAnchorElement;
const urls = (): unknown[] => vi.mocked(prefetch).mock.calls.map(([url]) => url);

describe('what is prefetched', () => {
  it('is the url, when the link becomes visible and not before', async () => {
    await render(
      <Prefetch url="/api/1.json">
        <a href="/1">1</a>
      </Prefetch>,
    );
    expect(urls()).toEqual([]);
    await show(link());
    expect(urls()).toEqual(['/api/1.json']);
  });

  it('is what the url function makes of the href', async () => {
    await render(
      <Prefetch url={(href) => `/api${href}.json`}>
        <a href="/1">1</a>
      </Prefetch>,
    );
    await show(link());
    expect(urls()).toEqual(['/api/1.json']);
  });

  it("is the child's href without a url", async () => {
    await render(
      <Prefetch>
        <a href="/1">1</a>
      </Prefetch>,
    );
    await show(link());
    expect(urls()).toEqual(['/1']);
  });

  it("is Next's data URL on a page of Next", async () => {
    vi.stubGlobal('__NEXT_DATA__', { buildId: 'BUILD' });
    await render(
      <Prefetch>
        <a href="/shop/">shop</a>
      </Prefetch>,
    );
    await show(link());
    vi.stubGlobal('__NEXT_DATA__', undefined);
    expect(urls()).toEqual(['/_next/data/BUILD/shop/index.json']);
  });

  it("is where a router's link leads, by the href that it has in the page", async () => {
    const Link = ({ to, ...props }: { to: string; ref?: Ref<HTMLAnchorElement> }): ReactNode => (
      <a href={`/base${to}`} {...props}>
        page
      </a>
    );
    for (const to of ['/1', '/1', '/2']) {
      await render(
        <Prefetch>
          <Link to={to} />
        </Prefetch>,
      );
      await show(link());
    }
    expect(urls()).toEqual(['/base/1', '/base/2']);
  });

  it('is nothing for a link without href, with a line on the console', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await render(<Prefetch>{createElement('a', null, 'no href')}</Prefetch>);
    await show(link());
    expect(urls()).toEqual([]);
    expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('no href in the page'));
  });
});

it('passes the options of prefetch() on', async () => {
  const options = {
    cors: false,
    maxAgeSeconds: 60,
    includeCacheMisses: true,
    forcePrefetchRatio: 0.5,
  } as const;
  await render(
    <Prefetch url="/1" prefetchAs="image" {...options}>
      <a href="/1">1</a>
    </Prefetch>,
  );
  await show(link());
  expect(prefetch).toHaveBeenCalledExactlyOnceWith('/1', 'image', expect.objectContaining(options));
});

describe('immediately', () => {
  it('prefetches at mount', async () => {
    await render(
      <Prefetch url="/1" immediately>
        <a href="/1">1</a>
      </Prefetch>,
    );
    expect(urls()).toEqual(['/1']);
  });

  it("prefetches where a router's link leads", async () => {
    const Link = ({ ref }: { ref?: Ref<HTMLAnchorElement> }): ReactNode => (
      <a href="/to" ref={ref}>
        page
      </a>
    );
    const app = (
      <StrictMode>
        <Prefetch immediately>
          <Link />
        </Prefetch>
      </StrictMode>
    );
    await render(app);
    expect(urls()).toEqual(['/to']);
  });

  it('with an inline url function prefetches once, however often it renders', async () => {
    for (const text of ['a', 'b', 'c']) {
      await render(
        <Prefetch url={(href) => `/api${href}`} immediately>
          <a href="/1">{text}</a>
        </Prefetch>,
      );
    }
    expect(urls()).toEqual(['/api/1']);
  });
});

it('prefetches a new url when the new link is visible', async () => {
  for (const url of ['/1', '/2']) {
    await render(
      <Prefetch url={url}>
        <a href={url}>{url}</a>
      </Prefetch>,
    );
    await show(link());
  }
  expect(urls()).toEqual(['/1', '/2']);
});

it('stops looking when it goes away', async () => {
  await render(
    <Prefetch>
      <a href="/1">1</a>
    </Prefetch>,
  );
  expect(observedCount()).toBe(1);
  await render(null);
  expect(observedCount()).toBe(0);
});

it('works in strict mode', async () => {
  await render(
    <StrictMode>
      <Prefetch>
        <a href="/1">1</a>
      </Prefetch>
    </StrictMode>,
  );
  await show(link());
  expect(urls()).toEqual(['/1']);
});

describe('the child', () => {
  it('gets the href that a link component hands to Prefetch', async () => {
    await render(<Prefetch href="/from-link">{createElement('a', null, 'no href')}</Prefetch>);
    expect(link().getAttribute('href')).toBe('/from-link');
    await show(link());
    expect(urls()).toEqual(['/from-link']);
  });

  it('keeps its own handler beside the one of a link component', async () => {
    const calls: string[] = [];
    const given = { onClick: () => calls.push('given'), onMouseEnter: () => {} };
    await render(
      <Prefetch {...given}>
        <button type="button" onClick={() => calls.push('own')}>
          1
        </button>
      </Prefetch>,
    );
    await act(async () => container.querySelector('button')?.click());
    expect(calls).toEqual(['own', 'given']);
  });

  it('keeps its ref, and Prefetch forwards its own', async () => {
    const own = createRef<HTMLAnchorElement>();
    const given = createRef<Element>();
    await render(
      <Prefetch ref={given}>
        <a href="/1" ref={own}>
          1
        </a>
      </Prefetch>,
    );
    expect([own.current, given.current]).toEqual([link(), link()]);
  });
});

it('renders only the child on a server', () => {
  const markup = renderToString(
    <Prefetch url="/api">
      <a href="/1">1</a>
    </Prefetch>,
  );
  expect(markup).toBe('<a href="/1">1</a>');
});
