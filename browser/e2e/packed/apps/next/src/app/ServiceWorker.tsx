'use client';

import { useServiceWorker } from 'prefetchrouter/react';

export function ServiceWorker() {
  useServiceWorker();
  return null;
}
