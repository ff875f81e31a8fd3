/** The URLs that this page knows to be fresh in the worker's store, and until when, in milliseconds since 1970. */
export const freshUntil = new Map<string, number>();

/** Forgets which URLs are fresh, because the store may have changed. */
export const forgetFresh = (): void => freshUntil.clear();
