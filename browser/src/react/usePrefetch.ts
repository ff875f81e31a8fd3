import { type RefCallback, useEffect, useRef, useState } from 'react';
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
  const [element, setElement] = useState<Element | null>(null);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  const { immediately = false } = options;
  const watched = immediately ? null : element;
  useEffect(() => {
    if (!url) return;
    const start = (): void => {
      const { immediately: _, prefetchAs, ...config } = latest.current;
      prefetch(url, prefetchAs, config);
    };
    if (immediately) return start();
    if (watched) return onVisible(watched, start);
  }, [url, immediately, watched]);

  return setElement;
}
