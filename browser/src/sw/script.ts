/** The ready-made service worker of the install script: takes over at once, so that versions never mix. */
import { ownPathPrefix } from '../core/names.js';
import { PrefetchWorker } from './prefetchWorker.js';
import { addStaticRoutes, hasNoRule } from './routes.js';
import { scope } from './scope.js';

// In a worker of the site's own, which imports this one, that worker decides when it takes over, and for what.
if (scope.location.pathname.includes(ownPathPrefix)) {
  scope.addEventListener('install', (event) => {
    addStaticRoutes(event);
    event.waitUntil(scope.skipWaiting());
  });
  scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
}

new PrefetchWorker({}, { hasNoRule }).route();
