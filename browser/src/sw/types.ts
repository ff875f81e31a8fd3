import type { ToPage } from '../core/protocol.js';
import type { Prefetch } from '../core/types.js';

export type {
  Prefetch,
  PrefetchAs,
  PrefetchConfiguration,
  PrefetchOutcome,
  WorkerStats,
} from '../core/types.js';

/** A response that a prefetch brought and that was good enough to store. */
export interface Arrival {
  /** URL of the document, without our own parameters; relative URLs in it resolve against this. */
  url: string;
  /** This plugin's own copy of the response, body unread. */
  response: Response;
  /** The page that requested it, if known. */
  clientId: string;
  /** Asks that page (or the focused one) to prefetch one more URL. */
  prefetch: Prefetch;
  /** Asks that page a question; resolves with its answer, or undefined if no page answers. */
  askPage: (message: Extract<ToPage, { action: 'query-html' }>) => Promise<unknown>;
}

/** Something that wants to see prefetched responses, such as `DeepFetchPlugin`. */
export interface PrefetcherPlugin {
  /** Called once per stored prefetch. Exceptions are logged, and affect nothing else. */
  prefetched: (arrival: Arrival) => void | Promise<void>;
}

/** Options of `new Prefetcher()`. */
export interface PrefetcherConfig {
  /** See each prefetched response, in order. */
  plugins?: PrefetcherPlugin[] | undefined;
  /** Host name of the CDN, for a site that is itself served elsewhere. */
  cacheHost?: string | undefined;
  /** Seconds to keep a prefetched response that says nothing itself. Default 120. */
  defaultMaxAgeSeconds?: number | undefined;
  /** `true`: let requests of images, scripts, styles and the like pass untouched. Default `false`. */
  skipAssets?: boolean | undefined;
  /** `true`: the time a response spent at the edge (`Age`) counts against its seconds here. Default `false`. */
  subtractAge?: boolean | undefined;
  /** Responses in the store at most. Default 200. */
  maxEntries?: number | undefined;
  /** Bytes of all bodies in the store at most. Default 30,000,000. */
  maxBytes?: number | undefined;
}
