import type { PlatformCache } from '../cache/platform.ts';
import { Edge, type Fetcher, fetchHandler, PlatformStore, sendByFetch, settings } from '../index.ts';
import type { Data } from '../rules/data.ts';

declare const DATA: Data;
export const data = DATA;

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

interface Platform {
  readonly country?: string;
  readonly city?: string;
  readonly continent?: string;
  readonly postalCode?: string;
  readonly regionCode?: string;
  readonly latitude?: string;
  readonly longitude?: string;
  readonly metroCode?: string;
  readonly asn?: number;
  readonly colo?: string;
  /** Address and port, on bare `workerd` only: there any client can send the header of Cloudflare. */
  readonly clientIp?: string;
}

/** What Cloudflare knows of a visitor, as the facts of rules. */
const factsOf = (cf: Platform = {}): Record<string, string | undefined> => ({
  'location.country': cf.country,
  'location.city': cf.city,
  'location.continent': cf.continent,
  'location.postal_code': cf.postalCode,
  'location.region_code': cf.regionCode,
  'location.latitude': cf.latitude,
  'location.longitude': cf.longitude,
  'location.metro_code': cf.metroCode,
  'location.dma_code': cf.metroCode,
  'location.asn': cf.asn === undefined ? undefined : String(cf.asn),
  'request.pop_code': cf.colo,
});

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
    const { cf } = request as { cf?: Platform };
    const client =
      cf?.clientIp?.replace(/:[0-9]+$/, '').replace(/^\[|\]$/g, '') ??
      request.headers.get('cf-connecting-ip') ??
      '';
    const facts = Object.fromEntries(Object.entries(factsOf(cf)).filter(([, value]) => value !== undefined));
    return handle(request, client, facts, (promise) => context.waitUntil(promise));
  },
};
export * from '../index.ts';
