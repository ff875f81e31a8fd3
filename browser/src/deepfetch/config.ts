import type { PrefetchAs, PrefetchConfiguration } from '../core/types.js';
import type { FoundElement, WrappedElement, wrapElement } from './element.js';
import type { JsonQueryOptions } from './jsonQuery.js';

interface CommonConfig {
  /** The most URLs to prefetch of a document. Default: all; 0: none. */
  maxMatches?: number | undefined;
  /** What the URLs will be used as. Default `fetch`. */
  as?: PrefetchAs | undefined;
  /** As in `prefetch()`. Default `'anonymous'`. */
  cors?: PrefetchConfiguration['cors'];
}

/** What to deep fetch from JSON documents. */
export interface DeepFetchJsonConfig extends CommonConfig {
  /** Where the URLs are; see {@link compileQuery}. */
  jsonQuery: string;
  /** Helper functions of the query. */
  jsonQueryOptions?: JsonQueryOptions | undefined;
}

/** What to deep fetch from HTML documents. */
export interface DeepFetchHtmlConfig extends CommonConfig {
  /** CSS selector of the elements. */
  selector: string;
  /** The attribute that holds the URL. Default `src`. */
  attribute?: string | undefined;
  /** Called for each element instead of prefetching its attribute. */
  callback?: ((param: DeepFetchCallbackParam) => unknown) | undefined;
}

export type DeepFetchConfig = DeepFetchJsonConfig | DeepFetchHtmlConfig;

/** What a callback is given. */
export interface DeepFetchCallbackParam {
  /** The element, wrapped: `$el.attr('data-src')`. */
  $el: WrappedElement;
  /** The element itself. */
  el: FoundElement;
  /** Wraps an element. */
  $: typeof wrapElement;
  /** URL of the document; resolve relative URLs with `new URL(url, srcURL)`. */
  srcURL: string;
}
