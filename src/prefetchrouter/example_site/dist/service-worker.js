// Here a site puts the worker that it builds itself, with the Prefetcher of 'prefetchrouter/sw' in it. The pages of
// this shop use the ready-made worker of the script tag, so nobody registers this one.
self.addEventListener('install', () => self.skipWaiting());
