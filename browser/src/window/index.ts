/** `prefetchrouter/window`: what a page imports. */

export type * from '../core/pageTypes.js';
export { counters, events, states } from './events.js';
export { configure, install } from './install.js';
export { prefetch } from './prefetch.js';
export { clear, stats, waitForServiceWorker } from './store.js';
