/** The URLs that this page knows to be fresh in the worker's store, and until when, in milliseconds since 1970. */
export const freshUntil = new Map<string, number>();

/** Forgets that a URL is fresh; without one, that any is, because the store may have changed. */
export function forgetFresh(url?: string): void {
  if (url) freshUntil.delete(url);
  else freshUntil.clear();
}
