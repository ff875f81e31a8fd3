import { describe, expect, test } from 'vitest';
import { html, startWorker } from '../testing/startWorker.js';
import { changesSession } from './session.js';

const ORIGIN = 'https://shop.example';

/** A request as browsers make it; only they make those of navigations. */
const request = (method: string, path: string, mode = 'cors'): Request =>
  ({ method, mode, url: new URL(path, ORIGIN).href }) as Request;

describe('what may log a visitor in or out', () => {
  test.each([
    ['POST', '/account', 'navigate'],
    ['POST', '/api/login', 'cors'],
    ['POST', '/users/sign_in', 'cors'],
    ['DELETE', '/session/logout', 'cors'],
    ['GET', '/logout', 'navigate'],
  ])('%s %s, %s', (method, path, mode) => {
    expect(changesSession(request(method, path, mode), ORIGIN)).toBe(true);
  });

  test.each([
    ['GET', '/login', 'navigate'],
    ['GET', '/logout', 'cors'],
    ['GET', '/blog/logistics', 'navigate'],
    ['POST', '/api/beacon', 'cors'],
    ['POST', '/api/login', 'other'],
  ])('not %s %s, %s', (method, path, mode) => {
    const origin = mode === 'other' ? 'https://other.example' : ORIGIN;
    expect(changesSession(request(method, path, mode), origin)).toBe(false);
  });
});

test.each(['/login', '/sign-out'])('POST %s empties the store, and all pages learn of it', async (path) => {
  const worker = startWorker({ '/a': html('page') });
  await worker.prefetch('/a');
  await worker.fetch(path, { method: 'POST', body: 'name=anna' });
  await expect
    .poll(async () => worker.send({ action: 'get-stats' }))
    .toMatchObject({ stats: { entries: 0 } });
  expect(worker.posted.map(({ message }) => message)).toContainEqual({ action: 'dropped', url: undefined });
});
