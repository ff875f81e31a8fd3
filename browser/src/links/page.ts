import type { Options } from '../core/pageTypes.js';

/** The interface between links and the page that loads them: a separate bundle, which shares no modules with it. */
export interface Page {
  options: Options;
  prefetch: (url: string) => Promise<unknown>;
  warn: (problem: string) => void;
}
