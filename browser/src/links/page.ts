import type { Options } from '../core/pageTypes.js';

/** What links need from the page that loads them; they are a file of their own and share no modules with it. */
export interface Page {
  options: Options;
  prefetch: (url: string) => Promise<unknown>;
  warn: (problem: string) => void;
}
