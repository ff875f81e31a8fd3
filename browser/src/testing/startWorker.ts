import { Prefetcher } from '../sw/prefetcher.js';
import type { PrefetcherConfig } from '../sw/types.js';
import { type Answers, FakeWorker } from './fakeWorker.js';

/** An HTML response. */
export function html(text: string, headers: Record<string, string> = {}, status = 200): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/html', ...headers } });
}

/** Starts a fake worker with a prefetcher that handles its requests. */
export function startWorker(answers: Answers, config: PrefetcherConfig = {}): FakeWorker {
  const worker = new FakeWorker(answers);
  new Prefetcher(config).route();
  return worker;
}
