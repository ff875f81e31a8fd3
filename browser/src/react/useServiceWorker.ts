import { useEffect, useRef } from 'react';
import type { InstallOptions } from '../core/pageTypes.js';
import { install } from '../window/install.js';

declare const process: { env: { NODE_ENV?: string } };

export interface UseServiceWorkerOptions extends InstallOptions {
  /** `true`: install in development builds too. Default `false`. */
  dev?: boolean | undefined;
}

/** Install the service worker once, in production builds; takes all options of `install()`. */
export function useServiceWorker({ dev = false, ...options }: UseServiceWorkerOptions = {}): void {
  const first = useRef(options);
  useEffect(() => {
    if (dev || isProduction()) void install(first.current);
  }, [dev]);
}

function isProduction(): boolean {
  try {
    return process.env.NODE_ENV === 'production';
  } catch {
    return true; // a page without a bundler
  }
}
