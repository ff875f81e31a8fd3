import { container } from './container.js';
import { emit } from './events.js';
import { forgetFresh } from './fresh.js';
import { warn } from './log.js';
import { options } from './options.js';
import { parts } from './parts.js';
import type { WorkerClient } from './workerClient.js';

type PagePrefetch = ConstructorParameters<typeof WorkerClient>[0]['prefetch'];

let prefetch: PagePrefetch = async () => 'skipped';
let loading: Promise<WorkerClient | undefined> | undefined;

/** Sets what carries out prefetches that the worker asks for. */
export function serveWorker(carryOut: PagePrefetch): void {
  prefetch = carryOut;
}

/** The page's side of the service worker, loaded once; undefined where there are no service workers. */
export function workerClient(): Promise<WorkerClient | undefined> {
  loading ??= (async () => {
    if (!container()) return undefined;
    try {
      const { WorkerClient } = await parts.workerClient();
      return new WorkerClient({ options, warn, emit, forgetFresh, prefetch: (...call) => prefetch(...call) });
    } catch (error) {
      warn(`the service worker cannot be used: ${error}`);
      return undefined;
    }
  })();
  return loading;
}

/** The client of a worker that is active already; undefined without one. */
export async function activeClient(): Promise<WorkerClient | undefined> {
  const workers = container();
  const isActive = workers?.controller ?? (await workers?.getRegistration().catch(() => undefined))?.active;
  return isActive ? workerClient() : undefined;
}
