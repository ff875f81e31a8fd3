// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { queryHtml } from './page.js';

const SHOP = 'https://shop.example/shop/p';

it('finds elements with their attributes and content, in document order', () => {
  const html = '<p class="x" id="1">a</p><p class="x" id="2"><b>b</b></p>';
  expect(queryHtml({ html, url: SHOP, selectors: [{ selector: 'p.x' }] })).toEqual({
    baseURL: SHOP,
    found: [
      [
        { name: 'p', attributes: { class: 'x', id: '1' }, text: 'a', html: 'a' },
        { name: 'p', attributes: { class: 'x', id: '2' }, text: 'b', html: '<b>b</b>' },
      ],
    ],
  });
});

it('passes over elements without the attribute before it counts', () => {
  const html = '<img alt="none"><img src=""><img src="/1"><img src="/2">';
  const { found } = queryHtml({
    html,
    url: SHOP,
    selectors: [{ selector: 'img', attribute: 'src', limit: 1 }],
  });
  expect(found).toEqual([[expect.objectContaining({ attributes: { src: '/1' } })]]);
});

it('decodes entities, so that the URL is the one that the page would load', () => {
  const { found } = queryHtml({
    html: '<img src="/i?a=1&amp;b=2">',
    url: SHOP,
    selectors: [{ selector: 'img' }],
  });
  expect(found).toEqual([[expect.objectContaining({ attributes: { src: '/i?a=1&b=2' } })]]);
});

it('gives the base of relative URLs, from the document or its base element', () => {
  const baseURL = (html: string): string => queryHtml({ html, url: SHOP, selectors: [] }).baseURL;
  expect(baseURL('<p>')).toBe(SHOP);
  expect(baseURL('<base href="/assets/">')).toBe('https://shop.example/assets/');
  expect(baseURL('<base href="http://">')).toBe(SHOP);
});

it('answers a bad selector with its error and the others as usual', () => {
  const { found } = queryHtml({ html: '<i>', url: SHOP, selectors: [{ selector: 'i[' }, { selector: 'i' }] });
  expect(found).toEqual([{ error: expect.any(String) }, [expect.objectContaining({ name: 'i' })]]);
});
