import { compileManifest, type Matcher } from '../core/manifest.js';
import { manifestGlobal, manifestPath } from '../core/names.js';

interface Globals {
  [manifestGlobal]?: { rules?: unknown; keepsSlashes?: unknown };
}

const globals = globalThis as Globals;

async function load(root: string): Promise<void> {
  if (globals[manifestGlobal]) return;
  const script = document.createElement('script');
  // Where the page's policy wants a nonce, its own scripts have it.
  script.nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
  await new Promise((resolve) => {
    script.onload = script.onerror = resolve;
    script.src = root + manifestPath;
    document.head.append(script);
  });
}

/**
 * The rules of a site, compiled; without a readable manifest no link is prefetched by rule.
 *
 * @param root Origin, and folder if any, of the manifest.
 */
export async function loadManifest(root: string, warn: (problem: string) => void): Promise<Matcher> {
  // Trusted Types, for one, make setting an address throw.
  await load(root).catch(() => undefined);
  const { rules, keepsSlashes } = globals[manifestGlobal] ?? {};
  if (Array.isArray(rules)) return compileManifest(rules, warn, keepsSlashes);
  warn(`${manifestPath} has not loaded or has no rules, so links are prefetched by pattern only`);
  return () => false;
}
