import { rulesGlobal } from '../core/names.js';
import type { Target } from '../core/target.js';
import type { Page } from './page.js';

/** Answers whether the rules make a URL prefetchable. */
export type Matcher = (target: Target) => boolean;

/** Hands over the rules of this site: those in front of the install script, or else of the manifest, in a while. */
export function loadMatcher({ loadManifest, warn }: Page, use: (rules: Matcher) => void): void {
  const compiled = (globalThis as { [rulesGlobal]?: (path: string, query: string) => boolean })[rulesGlobal];
  if (compiled) use(({ path, query }) => compiled(path, query));
  else void loadManifest().then(use, warn);
}
