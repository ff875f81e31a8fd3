/** Words that the page, the worker and the components share. No DOM and no worker globals here. */

/** What a prefetched response will be used as: the `as` of a link element. */
export type PrefetchAs =
  | 'audio'
  | 'document'
  | 'embed'
  | 'fetch'
  | 'font'
  | 'image'
  | 'object'
  | 'script'
  | 'style'
  | 'track'
  | 'video'
  | 'worker';

/** How one URL is prefetched. The object is only read, never changed. */
export interface PrefetchConfiguration {
  /** The `crossorigin` of the request; `false` leaves it off. Default `'anonymous'`. */
  cors?: false | 'anonymous' | 'use-credentials' | undefined;
  /** `true`: a miss at the edge goes on to the origin. Default: what `install()` was given. */
  includeCacheMisses?: boolean | undefined;
  /** Share, 0 to 1, of prefetches that may go on to the origin. Default: what `install()` was given. */
  forcePrefetchRatio?: number | undefined;
  /** Seconds to keep this response in the browser, more than 0. Default: what the edge says. */
  maxAgeSeconds?: number | undefined;
  /** HTTP method of the request that the prefetched response is for. Default GET. */
  method?: string | undefined;
  /** Body of the request that the prefetched response is for. */
  body?: string | undefined;
}

/**
 * How a prefetch ended.
 *
 * `prefetched`: the response is in the browser. `refused`: the edge, the worker or the page said no.
 * `skipped`: there was nothing to do, because a fresh response is stored or a miss is remembered.
 */
export type PrefetchOutcome = 'prefetched' | 'refused' | 'skipped';

/** Starts one prefetch; both the page's and the worker's `prefetch` have this shape. */
export type Prefetch = (
  url: string | URL,
  as?: PrefetchAs,
  config?: PrefetchConfiguration | null,
) => Promise<PrefetchOutcome>;

/** Prefetches since the worker was first installed, over all pages and visits. */
export interface WorkerStats {
  /** Prefetched responses that were stored. */
  prefetched: number;
  /** Requests that were answered from the store. */
  hits: number;
  /** Prefetches that brought nothing to store: a 412, an error, a private page. */
  refused: number;
  /** Stored responses that went away without answering any request. */
  wasted: number;
  /** Responses in the store now. */
  entries: number;
  /** Bytes of their bodies. */
  bytes: number;
}
