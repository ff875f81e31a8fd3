/** The ready-made service worker of the install script: takes over at once, so that versions never mix. */
import { PrefetchWorker } from './prefetchWorker.js';
import { addStaticRoutes } from './routes.js';
import { scope } from './scope.js';

scope.addEventListener('install', (event) => {
  addStaticRoutes(event);
  event.waitUntil(scope.skipWaiting());
});
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));

new PrefetchWorker().route();
