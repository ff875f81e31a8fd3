/** Undefined where there are no service workers: in an insecure context, in some private windows, in a sandbox. */
export function container(): ServiceWorkerContainer | undefined {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined; // In a frame of a sandbox asking is forbidden already.
  }
}
