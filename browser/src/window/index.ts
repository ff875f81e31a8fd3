/** `prefetchrouter/window`: what a page imports. */

export type * from '../core/pageTypes.js';
export { counters, events, states } from './events.js';
export { install } from './install.js';
export { clear, stats } from './messages.js';
export { configure } from './options.js';
export { prefetch } from './prefetch.js';
export { waitForServiceWorker } from './serviceWorker.js';
