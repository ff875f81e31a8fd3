import { type RefCallback, useCallback, useEffect, useRef } from 'react';
import { onVisible } from '../components/onVisible.js';
import { prefetch } from '../components/prefetch.js';
import type { PrefetchAs, PrefetchConfiguration } from '../core/types.js';

export interface UsePrefetchOptions extends PrefetchConfiguration {
  /** `true`: prefetch at mount instead of when the element is visible. Default `false`. */
  immediately?: boolean | undefined;
  /** What the response will be used as. Default `fetch`. */
  prefetchAs?: PrefetchAs | undefined;
}

/**
 * Prefetch a URL when an element becomes visible; give the result to the element as its `ref`.
 *
 * One request per URL, however often the component renders. Without a URL nothing happens.
 *
 *     const ref = usePrefetch(`/api/products/${id}.json`);
 *     return <article ref={ref}>...</article>;
 */
export function usePrefetch(url: string | undefined, options: UsePrefetchOptions = {}): RefCallback<Element> {
  const latest = useRef(options);
  const stop = useRef<(() => void) | undefined>(undefined);
  useEffect(() => {
    latest.current = options;
  });

  const start = useCallback(() => {
    const { immediately: _, prefetchAs, ...config } = latest.current;
    if (url) prefetch(url, prefetchAs, config);
  }, [url]);

  const { immediately = false } = options;
  useEffect(() => {
    if (immediately) start();
  }, [immediately, start]);

  const isWaiting = Boolean(url) && !immediately;
  return useCallback(
    (element: Element | null) => {
      stop.current?.();
      stop.current = element && isWaiting ? onVisible(element, start) : undefined;
    },
    [isWaiting, start],
  );
}
