/** Deep fetch: the images, styles and data that a prefetched page will need, found in its response. */
export type {
  DeepFetchCallbackParam,
  DeepFetchConfig,
  DeepFetchHtmlConfig,
  DeepFetchJsonConfig,
} from './config.js';
export type { FoundElement, WrappedElement } from './element.js';
export type { JsonQueryOptions, QueryHelper } from './jsonQuery.js';
export { DeepFetchPlugin, DeepFetchPlugin as default } from './plugin.js';
