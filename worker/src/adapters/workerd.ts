import { MemoryStore } from './memory.ts';
import { data, Edge, type Fetcher, fetchHandler, sendByFetch, settings } from './worker.ts';

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

type OwnRequest = Request & { readonly cf?: { readonly clientIp?: string } };

let handle: ReturnType<typeof fetchHandler> | undefined;

/** The Worker for `workerd` without Cloudflare: one isolate, and so one cache in its memory. */
export default {
  fetch(request: OwnRequest, environment: Record<string, unknown>, context: Context): Promise<Response> {
    if (!handle) {
      const { origins, logs, cacheBytes } = settings(environment);
      const edge = new Edge(data, {
        store: new MemoryStore(cacheBytes),
        send: sendByFetch({}, (name) => environment[name] as Fetcher | undefined),
        now: () => Date.now() / 1000,
        log: logs ? (line) => console.log(line) : undefined,
        origins,
      });
      handle = fetchHandler(edge);
    }
    const visitor = {
      // Address and port; the header of Cloudflare can be sent by any client here.
      get client(): string {
        return request.cf?.clientIp?.replace(/:[0-9]+$/, '').replace(/^\[|\]$/g, '') ?? '';
      },
    };
    return handle(request, visitor, (promise) => context.waitUntil(promise));
  },
};
