import { expect, test } from 'vitest';
import { storeKey } from '../core/storeKey.js';
import { requestKey } from './requestKey.js';

const ORIGIN = 'https://shop.example';
const key = (target: string, init?: RequestInit): Promise<string> =>
  requestKey(new Request(ORIGIN + target, init), storeKey(ORIGIN + target, ORIGIN));

test('a GET has the key of its URL', async () => {
  expect(await key('/p?edgio_dt_pf=1')).toBe(`${ORIGIN}/p`);
});

test('a POST has its body in its key', async () => {
  expect(await key('/p', { method: 'POST', body: '{"a":1}' })).toBe(
    `${ORIGIN}/p?pref_edgio_body=%7B%22a%22%3A1%7D&pref_edgio_method=post`,
  );
});

test('a request without a body has its method in its key', async () => {
  expect(await key('/p', { method: 'DELETE' })).toBe(`${ORIGIN}/p?pref_edgio_method=delete`);
});

test('both come after the query', async () => {
  expect(await key('/p?x=1', { method: 'POST', body: 'b' })).toBe(
    `${ORIGIN}/p?x=1&pref_edgio_body=b&pref_edgio_method=post`,
  );
});

test('the body can still be read', async () => {
  const request = new Request(`${ORIGIN}/p`, { method: 'POST', body: 'b' });
  await requestKey(request, request.url);
  expect(await request.text()).toBe('b');
});
