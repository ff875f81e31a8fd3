/** Types that the parts of a page share: options, events, the global. */
import type { Prefetch, WorkerStats } from './types.js';

export type {
  Prefetch,
  PrefetchAs,
  PrefetchConfiguration,
  PrefetchOutcome,
  WorkerStats,
} from './types.js';

/** One entry of `watch`: a call for each element that becomes visible. */
export interface Watch {
  /** CSS selector of the elements. */
  selector: string;
  /** Called once per element, when it first becomes visible. */
  callback: (element: Element) => void;
}

/** What makes a page prefetch a link. */
export type Trigger = 'visible' | 'hover' | 'press' | 'touch' | 'focus' | 'heading';

/** Options of `install()` and `configure()`. All are optional; the defaults are those of the guide. */
export interface InstallOptions {
  /** `true`: a miss at the edge goes on to the origin. Default `false`. */
  includeCacheMisses?: boolean | undefined;
  /** Share, 0 to 1, of prefetches that may go on to the origin; drawn per call. Default 0. */
  forcePrefetchRatio?: number | undefined;
  /** Host name of the CDN, for a site that is itself served elsewhere. */
  cacheHost?: string | undefined;
  /**
   * What keeps prefetched responses: the service worker (`always`, the default), the browser's own cache where it
   * follows `No-Vary-Search` (`never`), or that one where it can and else the worker (`auto`).
   */
  worker?: 'auto' | 'always' | 'never' | undefined;
  /** Path of the service worker script. Default `/service-worker.js`. */
  serviceWorkerPath?: string | undefined;
  /** Scope of its registration. Default `/`. */
  serviceWorkerScope?: string | undefined;
  /** URLs to prefetch as soon as there is a worker. */
  prefetchURLs?: string[] | undefined;
  /** Visible links of this origin whose path matches one of these are prefetched without a rule. */
  prefetchPatterns?: RegExp[] | undefined;
  /** Links whose path and query match one of these are never prefetched. Default: words for logging out. */
  ignorePatterns?: RegExp[] | undefined;
  /** Returns whether a link is left out, given its URL and the element. */
  ignore?: ((url: string, link: Element) => boolean) | undefined;
  /** Other origins, or their hosts, whose links are prefetched too, without a rule. */
  origins?: string[] | undefined;
  /** The part of the page whose visible links are prefetched. Default: the document. */
  el?: Element | undefined;
  /** Share, more than 0 to 1, of a link that has to be in view. Default 0.01. */
  threshold?: number | undefined;
  /** Calls for elements that become visible. */
  watch?: Watch[] | undefined;
  /** What to observe: `disabled` leaves out links added later; `attributes: false` changes of `href`. */
  observe?: { disabled?: boolean | undefined; attributes?: boolean | undefined } | undefined;
  /** What makes a page prefetch a link. Default: all but `heading`. */
  triggers?: Trigger[] | undefined;
  /** Milliseconds that a link has to stay visible. Default 100. */
  dwellMilliseconds?: number | undefined;
  /** Visible links prefetched per page at most. Default 30. */
  maxPrefetches?: number | undefined;
  /** Automatic prefetches under way at the same time at most. Default 2. */
  maxParallel?: number | undefined;
  /** Seconds for which a URL that the edge refused (412) is not prefetched again. Default 300. */
  missMemorySeconds?: number | undefined;
  /** `true`: show the developers' overlay. Default `false`. */
  overlay?: boolean | undefined;
  /** Where one beacon for each page view goes, such as `/__edgio__/view`, or what is called with it. Default: nowhere. */
  measure?: string | ((view: MeasuredView) => void) | undefined;
  /** Share, 0 to 1, of visitors for whom nothing is prefetched, so that the others can be compared. Default 0. */
  control?: number | undefined;
  /** Called when the service worker is registered. */
  onServiceWorkerRegistered?: ((registration: ServiceWorkerRegistration) => void) | undefined;
  /** Called at each change of state of a worker that is being installed. */
  onServiceWorkerStateChange?: ((registration: ServiceWorkerRegistration) => void) | undefined;
}

/** Prefetches of a page view by rule. */
export interface MeasuredRule {
  /** The path of the rule, as the manifest has it; empty for URLs of no rule. */
  rule: string;
  /** Responses that this view has prefetched. */
  prefetched: number;
  /** Prefetched responses that this view was the first to use. */
  used: number;
  /** Prefetches of this view that brought nothing. */
  refused: number;
}

/** What was measured of one page view. No URL of the visitor is in it, only the path of the rule. */
export interface MeasuredView {
  /** Group of the visitor; empty where there is no control group, or no storage to stay in one. */
  group: 'prefetch' | 'control' | '';
  /** Share of the control group. */
  share: number;
  browser: 'chromium' | 'firefox' | 'safari' | 'other';
  /** Where the page came from; a speculation is a prefetch that the browser itself has made. */
  source:
    | 'store'
    | 'http-prefetch'
    | 'speculation'
    | 'prerender'
    | 'http-cache'
    | 'back-forward-cache'
    | 'network';
  /** What led here; a click is one on another page of the site. */
  navigation: 'click' | 'arrival' | 'reload' | 'back-forward';
  /** The path of the page's rule; empty without one. */
  rule: string;
  /** Time to first byte, in milliseconds. */
  ttfb?: number | undefined;
  /** Largest Contentful Paint, in milliseconds. */
  lcp?: number | undefined;
  /** Interaction to Next Paint, in milliseconds. */
  inp?: number | undefined;
  rules: MeasuredRule[];
}

type Defaulted =
  | 'forcePrefetchRatio'
  | 'serviceWorkerPath'
  | 'serviceWorkerScope'
  | 'prefetchPatterns'
  | 'ignorePatterns'
  | 'observe'
  | 'triggers'
  | 'dwellMilliseconds'
  | 'maxPrefetches'
  | 'maxParallel'
  | 'missMemorySeconds';

/** The options in force on a page: those with a default are always there. */
export type Options = InstallOptions & { [Name in Defaulted]-?: NonNullable<InstallOptions[Name]> };

/** Names of the events of {@link PrefetchEvents}. */
export type PrefetchEventName = 'prefetch' | 'hit' | 'refused' | 'wasted';

/** The detail of an event of this page. */
export interface PrefetchEventDetail {
  /** Absolute URL without our own parameters. */
  url: string;
  /** Why, for `refused`. */
  reason?: string | undefined;
  /** Status of the response, when known. */
  status?: number | undefined;
}

/** This page's events so far, by name. */
export type Counters = Record<PrefetchEventName, number>;

/** The global (`Edgio` by default) that the install script makes. */
export interface PrefetchGlobal {
  prefetch: Prefetch;
  install: (options?: InstallOptions) => Promise<void>;
  configure: (options: InstallOptions) => void;
  waitForServiceWorker: () => Promise<ServiceWorker>;
  /** Dispatches a `CustomEvent<PrefetchEventDetail>` for each event of this page. */
  events: EventTarget;
  /** This page's events so far. */
  counters: Counters;
  /** The last event of each URL of this page, or what is known of it from pages before. */
  states: ReadonlyMap<string, PrefetchEventName>;
  /** Totals of the worker; undefined if no worker answers. */
  stats: () => Promise<WorkerStats | undefined>;
  /** Empties the worker's store: call it when a user logs out. Rejects when that has failed. */
  clear: () => Promise<void>;
}
