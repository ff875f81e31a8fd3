// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { PrefetchGlobal } from '../core/pageTypes.js';
import { FakeIntersectionObserver } from '../testing/fakeObserver.js';
import { FakePage } from '../testing/fakePage.js';

declare const Edgio: PrefetchGlobal;

const SHOP = 'https://shop.example';

/** Runs the install script as a classic script, or as a module, with these attributes. */
async function run(attributes: string, isModule = false): Promise<FakePage> {
  const page = new FakePage();
  document.body.innerHTML = `<script src="/js/install.js"></script>
    <script id="tag" src="/__edgio__/prefetch/install.js" ${attributes}></script>`;
  const tag = isModule ? null : document.querySelector<HTMLScriptElement>('#tag');
  vi.spyOn(document, 'currentScript', 'get').mockReturnValue(tag);
  await import('./script.js');
  return page;
}

beforeEach(() => {
  FakeIntersectionObserver.install();
  vi.stubGlobal('Edgio', undefined);
  vi.stubGlobal('VERSION', '0.1.0');
  vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', { rules: [] });
});

test('the worker of the same version is registered at the root', async () => {
  const page = await run('');
  await vi.waitFor(() =>
    expect(page.register).toHaveBeenCalledWith(new URL(`${SHOP}/__edgio__service_worker_v0.1.0.js`), {
      scope: `${SHOP}/`,
    }),
  );
});

describe('the global', () => {
  test.each(['prefetch', 'install', 'configure', 'waitForServiceWorker', 'stats', 'clear'] as const)(
    'has %s',
    async (name) => {
      await run('');
      expect(Edgio[name]).toBeTypeOf('function');
    },
  );

  test('keeps what others have put there', async () => {
    vi.stubGlobal('Edgio', { other: 1 });
    await run('');
    expect(Edgio).toMatchObject({ other: 1 });
  });
});

test('a second tag without attributes leaves the options of the first', async () => {
  const page = await run('data-include-cache-misses="true"');
  vi.resetModules();
  document.querySelector('#tag')?.removeAttribute('data-include-cache-misses');
  await import('./script.js');
  await Edgio.prefetch('/a');
  expect(page.hrefs).toEqual([`${SHOP}/a?edgio_dt_pf=1`]);
});

test('a second tag starts nothing twice', async () => {
  const page = await run('');
  vi.resetModules();
  await import('./script.js');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(page.register).toHaveBeenCalledOnce();
});

describe('data-include-cache-misses', () => {
  const href = async (attribute: string, isModule = false): Promise<unknown> => {
    const page = await run(attribute, isModule);
    await Edgio.prefetch('/a');
    return page.hrefs[0];
  };

  test.each(['data-include-cache-misses="true"', 'data-include-cache-misses="TRUE"'])(
    '%s is on',
    async (attribute) => {
      expect(await href(attribute)).toBe(`${SHOP}/a?edgio_dt_pf=1`);
    },
  );

  test.each(['', 'data-include-cache-misses', 'data-include-cache-misses="0"'])(
    '%s is off',
    async (attribute) => {
      expect(await href(attribute)).toBe(`${SHOP}/a?edgio_dt_pf=1&edgio_prefetch=1`);
    },
  );

  test('fault 1: "false" is off', async () => {
    expect(await href('data-include-cache-misses="false"')).toBe(`${SHOP}/a?edgio_dt_pf=1&edgio_prefetch=1`);
  });

  test('fault 2: is read in a module script too', async () => {
    expect(await href('type="module" data-include-cache-misses="true"', true)).toBe(
      `${SHOP}/a?edgio_dt_pf=1`,
    );
  });

  test('data-force-prefetch-ratio="1" is on for all', async () => {
    expect(await href('data-force-prefetch-ratio="1"')).toBe(`${SHOP}/a?edgio_dt_pf=1`);
  });

  test.each(['50%', '2', '-1', 'x'])(
    'data-force-prefetch-ratio="%s" is one line on the console',
    async (ratio) => {
      const warn = vi.spyOn(console, 'warn').mockReturnValue();
      await run(`data-force-prefetch-ratio="${ratio}"`);
      expect(warn).toHaveBeenCalledOnce();
    },
  );
});

test('data-overlay="true" shows the overlay', async () => {
  await run('data-overlay="true"');
  await vi.waitFor(() => expect(document.querySelector('prefetch-overlay')).not.toBeNull());
});
