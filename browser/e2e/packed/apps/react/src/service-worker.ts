import { Prefetcher } from 'prefetchrouter/sw';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
new Prefetcher().route();
