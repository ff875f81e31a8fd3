// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { isUsable } from './usable.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A link in view with something at its place. */
function linkUnder(markup: string): boolean {
  document.body.innerHTML = `<a href="/pages/1">1</a>${markup}`;
  const [link] = document.links;
  if (!link) throw new Error('no link');
  const rect = { left: 10, top: 10, width: 100, height: 20 } as DOMRect;
  vi.spyOn(link, 'getClientRects').mockReturnValue([rect] as unknown as DOMRectList);
  document.elementFromPoint = () => link.nextElementSibling ?? link;
  return isUsable(link, link);
}

test('a link at its own place can be used', () => {
  expect(linkUnder('')).toBe(true);
});

test('a link under something else cannot', () => {
  expect(linkUnder('<div></div>')).toBe(false);
});

test('the panel of the overlay covers nothing: it is there for the developer alone', () => {
  expect(linkUnder('<prefetch-overlay></prefetch-overlay>')).toBe(true);
});
