import type { Options } from '../core/pageTypes.js';
import type { Target } from '../core/target.js';
import type { Take } from './likely.js';
import type { Sighting } from './sight.js';

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
  /** Loads what was learned of a page, by path and query; returns a function that finds its most likely link in view. */
  loadLikely: (
    page: string,
    take: Take<Sighting>,
    pathOf: (seen: Sighting) => string,
  ) => Promise<Take<Sighting> | undefined>;
  /** Loads and compiles the rules of the manifest. */
  loadManifest: () => Promise<(target: Target) => boolean>;
}
