import { type RefCallback, useCallback, useEffect, useInsertionEffect, useRef } from 'react';
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
  return usePrefetchOf(() => url, options);
}

/** What to prefetch for an element that is in the page, or undefined. */
export type URLOf = (element: Element | undefined) => string | undefined;

/** As `usePrefetch()`, with a URL that may depend on what the element is in the page. */
export function usePrefetchOf(urlOf: URLOf, options: UsePrefetchOptions): RefCallback<Element> {
  const waiting = useRef<Waiting>(undefined);
  waiting.current ??= new Waiting(urlOf, options);
  const current = waiting.current;
  // React sets refs after this effect, and before the other.
  useInsertionEffect(() => current.take(urlOf, options));
  useEffect(() => current.renew());
  return useCallback((element: Element | null) => current.place(element ?? undefined), [current]);
}

/** Waits until an element is visible, for one URL at a time. */
class Waiting {
  #urlOf: URLOf;
  #options: UsePrefetchOptions;
  #element: Element | undefined;
  #url: string | undefined;
  #stop: (() => void) | undefined;

  constructor(urlOf: URLOf, options: UsePrefetchOptions) {
    this.#urlOf = urlOf;
    this.#options = options;
  }

  take(urlOf: URLOf, options: UsePrefetchOptions): void {
    if (options.immediately !== this.#options.immediately) this.#url = undefined;
    this.#urlOf = urlOf;
    this.#options = options;
  }

  /** Goes on with another element, or without one. */
  place(element: Element | undefined): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#element = element;
    if (!element) return;
    // An element that is put back waits again; what has been prefetched at mount is not.
    if (!this.#options.immediately) this.#url = undefined;
    this.renew();
  }

  /** Starts again if the URL has changed. */
  renew(): void {
    const url = this.#urlOf(this.#element);
    if (url === this.#url) return;
    this.#stop?.();
    this.#stop = undefined;
    const { immediately } = this.#options;
    if (!immediately && !this.#element) return;
    this.#url = url;
    if (!url) return;
    if (immediately) this.#start();
    else this.#stop = onVisible(this.#element as Element, () => this.#start());
  }

  #start(): void {
    const { immediately: _, prefetchAs, ...config } = this.#options;
    this.#url = this.#urlOf(this.#element);
    if (this.#url) prefetch(this.#url, prefetchAs, config);
  }
}
