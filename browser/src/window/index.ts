/** `prefetchrouter/window`: what a page imports. */
export { counters, events, states } from './events.js';
export { install } from './install.js';
export { clear, stats } from './messages.js';
export { configure } from './options.js';
export { prefetch } from './prefetch.js';
export { waitForServiceWorker } from './serviceWorker.js';
export type * from './types.js';
