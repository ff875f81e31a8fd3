'use client';

export { Prefetch, type PrefetchProps } from './Prefetch.js';
export { type UsePrefetchOptions, usePrefetch } from './usePrefetch.js';
export { type UseServiceWorkerOptions, useServiceWorker } from './useServiceWorker.js';
