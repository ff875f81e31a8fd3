import { type PlatformCache, PlatformStore } from '../cache/platform.ts';
import { Edge, type Fetcher, fetchHandler, sendByFetch, settings } from '../index.ts';
import { optional } from '../optional.ts';
import type { Visitor } from '../rules/context.ts';
import type { Data } from '../rules/data.ts';

declare const DATA: Data;
export const data = DATA;

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** A visitor as Cloudflare knows it; reading either takes as long as much of a decision. */
class CloudflareVisitor implements Visitor {
  constructor(private readonly request: Request & { readonly cf?: Record<string, unknown> }) {}

  get client(): string {
    return this.request.headers.get('cf-connecting-ip') ?? '';
  }

  get facts(): Visitor['facts'] {
    // Without the module no rule reads any.
    return optional.cloudflareFacts?.(this.request.cf ?? {});
  }
}

let handle: ReturnType<typeof fetchHandler> | undefined;

/** The Worker for Cloudflare; its isolates share the cache of their place, and nothing else. */
export default {
  fetch(request: Request, environment: Record<string, unknown>, context: Context): Promise<Response> {
    if (!handle) {
      const { origins, logs } = settings(environment);
      const caches = globalThis.caches as unknown as { default: PlatformCache };
      const edge = new Edge(data, {
        store: new PlatformStore(() => caches.default),
        send: sendByFetch({}, (name) => environment[name] as Fetcher | undefined),
        now: () => Date.now() / 1000,
        log: logs ? (line) => console.log(line) : undefined,
        origins,
      });
      handle = fetchHandler(edge);
    }
    return handle(request, new CloudflareVisitor(request), (promise) => context.waitUntil(promise));
  },
};
