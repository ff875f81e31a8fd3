/** `prefetchrouter/sw`: what a service worker imports. */
export { prefetch } from './pages.js';
export { Prefetcher } from './prefetcher.js';
export type * from './types.js';
