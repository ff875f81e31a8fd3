import { container } from './container.js';
import { emit } from './events.js';
import { forgetFresh } from './fresh.js';
import { warn } from './log.js';
import { options } from './options.js';
import { parts } from './parts.js';
import type { WorkerClient } from './workerClient.js';

type PagePrefetch = ConstructorParameters<typeof WorkerClient>[0]['prefetch'];

let isInstalled = false;
let prefetch: PagePrefetch = async () => 'skipped';
let need: () => void;
/** Resolves when something needs the worker. */
export const isNeeded = new Promise<void>((resolve) => {
  need = resolve;
});
let loading: Promise<WorkerClient | undefined> | undefined;

/** Sets what carries out prefetches that the worker asks for. */
export function serveWorker(carryOut: PagePrefetch): void {
  prefetch = carryOut;
}

/** Notes that this page registers a worker. */
export function expectWorker(): void {
  isInstalled = true;
}

/** The page's side of the service worker, loaded once, or undefined if there are no service workers. */
export function workerClient(): Promise<WorkerClient | undefined> {
  need();
  loading ??= (async () => {
    if (!container()) return undefined;
    try {
      const { WorkerClient } = await parts.workerClient();
      return new WorkerClient({
        options,
        warn,
        emit,
        forgetFresh,
        prefetch: (...call) => prefetch(...call),
        isInstalled: () => isInstalled,
      });
    } catch (error) {
      warn(`the service worker cannot be used: ${error}`);
      return undefined;
    }
  })();
  return loading;
}
