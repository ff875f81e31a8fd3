import { compileManifest, type Matcher } from '../core/manifest.js';
import { manifestGlobal, manifestPath } from '../core/names.js';
import type { Page } from './page.js';

interface Manifest {
  rules?: unknown;
  keepsSlashes?: unknown;
}

const published = (): Manifest | undefined =>
  (globalThis as Record<string, unknown>)[manifestGlobal] as Manifest;

function load(cacheHost: string | undefined): Promise<unknown> {
  const script = document.createElement('script');
  return new Promise((resolve) => {
    script.onload = resolve;
    script.onerror = resolve;
    // Where the page's policy wants a nonce, its own scripts have it.
    script.nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
    script.src = (cacheHost ? `https://${cacheHost}` : '') + manifestPath;
    document.head.append(script);
  });
}

/** The rules of this site, compiled; without a readable manifest no link is prefetched by rule. */
export async function loadMatcher({ options, warn }: Page): Promise<Matcher> {
  // Trusted Types, for one, make setting an address throw.
  if (!published()) await load(options.cacheHost).catch(() => undefined);
  const { rules, keepsSlashes } = published() ?? {};
  if (Array.isArray(rules)) return compileManifest(rules, warn, keepsSlashes);
  warn(`${manifestPath} has not loaded or has no rules, so links are prefetched by pattern only`);
  return () => false;
}
