import { loggingOut } from '../core/names.js';

const OUT = new RegExp(loggingOut, 'i');
const IN = /(^|[^a-z])(log|sign)[-_]?(in|on|up)([^a-z]|$)/i;

/**
 * Whether a request may log a visitor in or out, after which pages look different.
 *
 * A form that is sent is one, as are requests of scripts and visits whose path says so.
 */
export function changesSession({ method, mode, url }: Request, origin: string): boolean {
  const address = new URL(url);
  if (address.origin !== origin) return false;
  const isVisit = mode === 'navigate';
  if (method === 'GET') return isVisit && OUT.test(address.pathname);
  return isVisit || OUT.test(address.pathname) || IN.test(address.pathname);
}
