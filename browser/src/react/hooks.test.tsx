// @vitest-environment happy-dom
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { prefetch } from '../components/prefetch.js';
import { show, stubVisibility } from '../testing/visibility.js';
import { install } from '../window/install.js';
import {
  type UsePrefetchOptions,
  type UseServiceWorkerOptions,
  usePrefetch,
  useServiceWorker,
} from './index.js';

vi.mock('../components/prefetch.js', () => ({ prefetch: vi.fn() }));
vi.mock('../window/install.js', () => ({ install: vi.fn() }));

beforeEach(() => {
  vi.clearAllMocks();
  stubVisibility();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});

async function mount(node: ReactNode): Promise<HTMLElement> {
  const container = document.createElement('div');
  await act(async () => createRoot(container).render(node));
  return container;
}

function Card({ url, ...options }: { url?: string } & UsePrefetchOptions): ReactNode {
  return <article ref={usePrefetch(url, options)} />;
}

function Counting({ onRender }: { onRender: () => void }): ReactNode {
  onRender();
  return <article ref={usePrefetch('/api/1')} />;
}

function App({ options }: { options?: UseServiceWorkerOptions }): ReactNode {
  useServiceWorker(options);
  return null;
}

it('usePrefetch prefetches when its element becomes visible', async () => {
  const container = await mount(<Card url="/api/1" />);
  expect(prefetch).not.toHaveBeenCalled();
  await show(container.querySelector('article'));
  expect(prefetch).toHaveBeenCalledExactlyOnceWith('/api/1', undefined, {});
});

it('usePrefetch without a URL does nothing', async () => {
  await show((await mount(<Card immediately />)).querySelector('article'));
  expect(prefetch).not.toHaveBeenCalled();
});

describe('useServiceWorker', () => {
  it('installs in production, with the options of install()', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await mount(<App options={{ includeCacheMisses: true }} />);
    expect(install).toHaveBeenCalledExactlyOnceWith({ includeCacheMisses: true });
    vi.unstubAllEnvs();
  });

  it('installs in development only when asked to', async () => {
    await mount(<App />);
    expect(install).not.toHaveBeenCalled();
    await mount(<App options={{ dev: true }} />);
    expect(install).toHaveBeenCalledExactlyOnceWith({});
  });
});

it('usePrefetch causes no extra render', async () => {
  let renders = 0;
  await mount(<Counting onRender={() => renders++} />);
  expect(renders).toBe(1);
});
