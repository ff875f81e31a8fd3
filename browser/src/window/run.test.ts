// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { openPage } from '../testing/openPage.js';

const URL = 'https://shop.example/b';

test.each([
  { under: 'a prefetch', ends: 'nothing', messages: [{ action: 'make-way', url: URL }] },
  { under: 'nothing', ends: 'load', messages: [] },
] as const)('a visit with $under under way sends the worker $messages', async ({ ends, messages }) => {
  const { page, prefetch } = await openPage();
  const { makeWay } = await import('./run.js');
  page.outcome = () => ends;
  const outcome = prefetch('/a');
  await (ends === 'load' ? outcome : vi.waitFor(() => expect(page.prefetches.length).toBe(1)));
  makeWay(URL);
  expect(page.sent.filter(({ action }) => action === 'make-way')).toEqual(messages);
});
