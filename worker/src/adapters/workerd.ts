import { gzip } from '../http/codings.ts';
import { MemoryStore } from './memory.ts';
import { withPackedFiles } from './packing.ts';
import { purge } from './purging.ts';
import { data, Edge, type Fetcher, fetchHandler, fieldsOf, sendByFetch, settings } from './worker.ts';

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

type OwnRequest = Request & { readonly cf?: { readonly clientIp?: string } };

function started(environment: Record<string, unknown>) {
  const { origins, logs, cacheBytes } = settings(environment);
  const store = new MemoryStore(cacheBytes);
  const edge = new Edge(data, {
    store,
    send: sendByFetch({}, (name) => environment[name] as Fetcher | undefined),
    now: () => Date.now() / 1000,
    log: logs ? (line) => console.log(line) : undefined,
    origins,
  });
  return { edge, store, handle: fetchHandler(withPackedFiles(edge, data, { gzip })) };
}

let own: ReturnType<typeof started> | undefined;

/** The Worker for `workerd` without Cloudflare: one isolate, and so one cache in its memory. */
export default {
  fetch(request: OwnRequest, environment: Record<string, unknown>, context: Context): Promise<Response> {
    own ??= started(environment);
    const visitor = {
      // Address and port; the header of Cloudflare can be sent by any client here.
      get client(): string {
        return request.cf?.clientIp?.replace(/:[0-9]+$/, '').replace(/^\[|\]$/g, '') ?? '';
      },
    };
    return own.handle(request, visitor, (promise) => context.waitUntil(promise));
  },
};

/** Purges from this machine, on a separate socket. */
export const purging = {
  async fetch(request: Request, environment: Record<string, unknown>): Promise<Response> {
    own ??= started(environment);
    const { method, headers, url } = request;
    const fields = fieldsOf(headers);
    if (!fields.has('host')) fields.set('host', [new URL(url).host]);
    const asked = { method, path: new URL(url).pathname, headers: fields, body: await request.text() };
    const [status, answer] = purge(asked, own.edge, own.store, data);
    return Response.json(answer, { status, headers: { 'cache-control': 'no-store' } });
  },
};
