import { workerCacheHeader } from '../core/names.js';
import { directives, maxAgeSeconds } from './cacheControl.js';

/** What is known about a response beside itself. */
export interface Circumstances {
  /** Seconds that the page asks for, NaN for none. */
  requested: number;
  /** Seconds when neither the page nor the edge says any; 0 for not at all. */
  fallback: number;
  /** Seconds that the response has spent elsewhere and that count against its seconds here. */
  age: number;
}

export type Verdict = { seconds: number } | { refused: string };

/** Why a response is for one visitor only, as far as a worker can see: browsers hide `Set-Cookie` from it. */
function privacy(headers: Headers): string | undefined {
  const control = directives(headers.get('cache-control'));
  if (control.has('no-store') || control.has('private')) return 'private';
  if (headers.has('set-cookie')) return 'sets a cookie';
  return headers.get('vary')?.includes('*') ? 'varies' : undefined;
}

/**
 * Decides whether a response may be stored and for how many seconds.
 *
 * Private responses are only when the edge's own header gives them a time, and never when that says `no-store`.
 */
export function judge(response: Response, { requested, fallback, age }: Circumstances): Verdict {
  const { status, redirected, headers } = response;
  if (status !== 200) return { refused: `status ${status}` };
  if (redirected) return { refused: 'redirected' };
  if (headers.get('content-length') === '0') return { refused: 'empty' };

  const header = headers.get(workerCacheHeader);
  const allowed = maxAgeSeconds(header);
  if (directives(header).has('no-store')) return { refused: 'the edge forbids it' };
  const reason = allowed > 0 ? undefined : privacy(headers);
  if (reason) return { refused: reason };

  const lifetime = requested > 0 ? requested : Number.isNaN(allowed) ? fallback : allowed;
  const seconds = lifetime - age;
  return seconds > 0 ? { seconds } : { refused: 'no time to live' };
}
