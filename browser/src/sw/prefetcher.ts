import { given } from '../core/given.js';
import { storeKey } from '../core/storeKey.js';
import { ageSeconds } from './age.js';
import { showTo } from './plugins.js';
import { PrefetchWorker } from './prefetchWorker.js';
import { scope } from './scope.js';
import type { PrefetcherConfig } from './types.js';

/**
 * Stores prefetched responses and answers later requests with them.
 *
 *     new Prefetcher({ defaultMaxAgeSeconds: 600 }).route();
 *
 * A request for a URL whose prefetch is under way gets that response as it comes. Responses to other GET requests
 * of this origin are stored when the edge gives them a time in `x-sw-cache-control`, or when
 * {@link Prefetcher.cache} does.
 */
export class Prefetcher {
  readonly #worker: PrefetchWorker;
  readonly #cached: { expression: RegExp; seconds: number }[] = [];

  constructor(config: PrefetcherConfig = {}) {
    const { plugins = [], cacheHost, skipAssets, subtractAge, ...options } = given(config);
    this.#worker = new PrefetchWorker(options, {
      keyOf: (href) => storeKey(href, scope.location.origin, cacheHost),
      skips: ({ destination }) => Boolean(skipAssets && !/^(document|i?frame)?$/.test(destination)),
      ageOf: (headers) => (subtractAge ? ageSeconds(headers) : 0),
      secondsOf: (key) => this.#cached.find(({ expression }) => expression.test(key))?.seconds,
      prepare: showTo(plugins),
    });
  }

  /** Also stores responses to GET requests whose URL matches, for some seconds unless the edge says otherwise. */
  cache(expression: RegExp, maxAgeSeconds = 86_400): this {
    this.#cached.push({ expression: new RegExp(expression.source, 'i'), seconds: maxAgeSeconds });
    return this;
  }

  /** Starts to answer requests and messages. A second call does nothing. */
  route(): this {
    this.#worker.route();
    return this;
  }
}
