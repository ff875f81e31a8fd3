import { beforeEach, describe, expect, test, vi } from 'vitest';
import { askPage, post, prefetch } from './pages.js';

function page(id: string, answer?: unknown) {
  return {
    id,
    postMessage: vi.fn((_: unknown, ports?: MessagePort[]) => ports?.[0]?.postMessage(answer)),
  };
}

let first: ReturnType<typeof page>;
let second: ReturnType<typeof page>;

beforeEach(() => {
  first = page('first', 'from first');
  second = page('second', 'from second');
  const pages = [first, second];
  vi.stubGlobal('clients', {
    get: async (id: string) => pages.find((one) => one.id === id),
    matchAll: async () => pages,
  });
});

const report = { action: 'report', event: 'hit', url: 'https://shop.example/a' } as const;

describe('a report', () => {
  test('goes to the page it is for', async () => {
    await post(report, 'second');
    expect([first.postMessage.mock.calls.length, second.postMessage.mock.calls.length]).toEqual([0, 1]);
  });

  test('without a page goes to all', async () => {
    await post(report);
    expect([first.postMessage.mock.calls.length, second.postMessage.mock.calls.length]).toEqual([1, 1]);
  });

  test('for a page that is gone goes nowhere', async () => {
    await expect(post(report, 'gone')).resolves.toBeUndefined();
  });
});

describe('a question', () => {
  const question = { action: 'query-html', query: { html: '', url: '', selectors: [] } } as const;

  test('is answered by the page it is for', async () => {
    expect(await askPage(question, 'second')).toBe('from second');
  });

  test('for a page that is gone is answered by the focused one', async () => {
    expect(await askPage(question, 'gone')).toBe('from first');
  });

  test('without any page has no answer', async () => {
    vi.stubGlobal('clients', { get: async () => undefined, matchAll: async () => [] });
    expect(await askPage(question)).toBeUndefined();
  });
});

test('prefetch() asks the focused page', async () => {
  await prefetch('/i.png', 'image', { maxAgeSeconds: 5 });
  expect(first.postMessage).toHaveBeenCalledWith({
    action: 'prefetch',
    url: '/i.png',
    as: 'image',
    options: { maxAgeSeconds: 5 },
  });
});
