import type { ToPage } from '../core/protocol.js';
import type { Prefetch } from '../core/types.js';
import { scope, type WindowClient } from './scope.js';

type Posted = Extract<ToPage, { action: 'report' | 'dropped' }>;

const ANSWER_MILLISECONDS = 10_000;

/** The page with this id, or the one that was focused last. */
async function findPage(clientId: string): Promise<WindowClient | undefined> {
  const page = clientId ? await scope.clients.get(clientId) : undefined;
  return page ?? (await scope.clients.matchAll({ type: 'window' }))[0];
}

/** Posts a message to a page; without an id, to all pages. */
export async function post(message: Posted, clientId?: string): Promise<void> {
  const pages = clientId
    ? [await scope.clients.get(clientId)]
    : await scope.clients.matchAll({ type: 'window' });
  for (const page of pages) page?.postMessage(message);
}

/** Asks a page a question; resolves with undefined if no page answers in time. */
export async function askPage(message: ToPage, clientId = ''): Promise<unknown> {
  const page = await findPage(clientId);
  if (!page) return undefined;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    page.postMessage(message, [port2]);
    setTimeout(resolve, ANSWER_MILLISECONDS);
  });
}

/** A `prefetch` that a page carries out; it resolves when the message has been posted. */
export const prefetchOn =
  (clientId: string): Prefetch =>
  async (url, as, options) => {
    const page = await findPage(clientId);
    page?.postMessage({ action: 'prefetch', url: String(url), as, options });
    return page ? 'prefetched' : 'refused';
  };

/** Asks the page that was focused last to prefetch a URL. */
export const prefetch = /* @__PURE__ */ prefetchOn('');
