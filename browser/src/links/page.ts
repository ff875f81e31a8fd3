import type { Options } from '../core/pageTypes.js';
import type { Target } from '../core/target.js';

/** What links need of the page. */
export interface Page {
  options: Options;
  /**
   * Prefetches a URL; resolves with the outcome.
   *
   * @param onLoaded Called when the response is here, which may be before the outcome is known.
   */
  prefetch: (url: string, onLoaded?: () => void) => Promise<unknown>;
  warn: (problem: string) => void;
  /** Loads what reads URLs that are not written plainly. */
  loadReader: () => Promise<(url: string) => Target | undefined>;
  /** Loads what was learned of a page, by path and query: how likely its links are opened next. */
  loadLikely: (page: string) => Promise<Readonly<Record<string, number>> | undefined>;
  /** Loads and compiles the rules of the manifest. */
  loadManifest: () => Promise<(target: Target) => boolean>;
}
