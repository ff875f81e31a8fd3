/** Prefetches of other origins, past the worker; a separate file, loaded when there is one. */
import { after } from '../core/after.js';
import type { Result, Wanted } from './wanted.js';

/** A link prefetch that works says so sooner; a setting or an extension makes others silent. */
const SILENCE_MILLISECONDS = 5000;
const PATIENCE_MILLISECONDS = 30_000;

/** Prefetches by a link element; resolves with whether that has worked. */
async function byLink({ href, as, cors }: Wanted): Promise<boolean | undefined> {
  const link = document.createElement('link');
  if (!link.relList?.supports?.('prefetch')) return false;
  link.setAttribute('rel', 'prefetch');
  link.setAttribute('as', as);
  if (cors) link.setAttribute('crossorigin', cors);
  link.setAttribute('href', href);
  const loaded = new Promise<boolean>((resolve) => {
    link.onload = () => resolve(true);
    link.onerror = () => resolve(false);
    document.head.append(link);
  });
  const isLoaded = await Promise.race([loaded, after(SILENCE_MILLISECONDS)]);
  link.remove();
  return isLoaded;
}

/** Requests a URL of another origin into the browser's HTTP cache: by a link, or where that is silent by `fetch()`. */
export async function pastWorker(wanted: Wanted): Promise<Result> {
  const { href, cors } = wanted;
  if (await byLink(wanted)) return { event: 'prefetch' };
  try {
    const response = await fetch(href, {
      mode: cors ? 'cors' : 'no-cors',
      credentials: cors === 'anonymous' ? 'same-origin' : 'include',
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
      priority: 'low',
    } as RequestInit);
    await response.arrayBuffer();
    const { ok, type, status } = response;
    if (ok || type === 'opaque') return { event: 'prefetch' };
    return { event: 'refused', reason: `status ${status}`, status };
  } catch (error) {
    return { event: 'refused', reason: `not loaded: ${error}` };
  }
}
