/**
 * Removes the service worker from browsers: as a script of a page, or in the place of the worker.
 *
 * In its place it reaches browsers that open any page of the site, also one without a script of ours.
 */
import { removeStores, removeWorker } from '../core/removeWorker.js';
import { scope } from './scope.js';

if ('document' in globalThis) {
  removeWorker().catch(console.warn);
} else {
  const remove = async (): Promise<void> => {
    await removeStores();
    await scope.registration.unregister();
  };
  scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
  scope.addEventListener('activate', (event) => event.waitUntil(remove()));
}
