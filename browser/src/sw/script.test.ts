import { expect, test, vi } from 'vitest';
import { FakeWorker } from '../testing/fakeWorker.js';

async function start() {
  vi.resetModules();
  const worker = new FakeWorker();
  const calls = { skipWaiting: vi.fn(async () => undefined), claim: vi.fn(async () => undefined) };
  vi.stubGlobal('skipWaiting', calls.skipWaiting);
  vi.stubGlobal('clients', { claim: calls.claim });
  await import('./script.js');
  return { worker, ...calls };
}

test('a new version does not wait for the old one', async () => {
  const { worker, skipWaiting } = await start();
  await worker.install();
  expect(skipWaiting).toHaveBeenCalledOnce();
});

test('and controls the open pages at once', async () => {
  const { worker, claim } = await start();
  await worker.activate();
  expect(claim).toHaveBeenCalledOnce();
});

test('it answers requests', async () => {
  const { worker } = await start();
  expect(worker.listeners('fetch')).toBe(1);
});
