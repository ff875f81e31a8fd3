import { after } from '../core/after.js';
import type { ToWorker } from '../core/protocol.js';
import { warn } from './log.js';
import { options } from './options.js';

/** Resolves when the document and what it needs are loaded; at once when they are. */
const loaded = (): Promise<unknown> =>
  document.readyState === 'complete'
    ? Promise.resolve()
    : new Promise((resolve) => addEventListener('load', resolve, { once: true }));

/** Undefined where there are no service workers: in an insecure context, in some private windows, in a sandbox. */
export function container(): ServiceWorkerContainer | undefined {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined; // In a frame of a sandbox asking is forbidden already.
  }
}

/** Registers the service worker once the page has loaded. Failure is said, not thrown. */
export async function register(): Promise<void> {
  await loaded();
  try {
    const registration = await navigator.serviceWorker.register(options.serviceWorkerPath, {
      scope: options.serviceWorkerScope,
    });
    const announce = (state: ServiceWorkerState | undefined): void => {
      if (state === 'installed' && navigator.serviceWorker.controller) {
        document.dispatchEvent(new Event('sw-update-available'));
      }
    };
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => {
        options.onServiceWorkerStateChange?.(registration);
        announce(worker.state);
      });
    });
    announce(registration.waiting?.state);
    try {
      options.onServiceWorkerRegistered?.(registration);
    } catch (error) {
      warn(`onServiceWorkerRegistered failed: ${error}`);
    }
  } catch (error) {
    warn(`the service worker cannot be registered: ${error}`);
  }
}

/** Resolves to the controlling worker, or else the active one; to undefined if neither appears before the timeout. */
export async function activeWorker(): Promise<ServiceWorker | undefined> {
  const workers = container();
  if (!workers) return undefined;
  if (workers.controller) return workers.controller;
  const registration = await Promise.race([workers.ready, loaded().then(() => after(10_000))]);
  return workers.controller ?? registration?.active ?? undefined;
}

/**
 * The service worker that answers for this page.
 *
 * That is the one in control; after a reload that went past it, the active one. Rejects where service workers
 * do not exist, or when none is there ten seconds after the page has loaded.
 */
export async function waitForServiceWorker(): Promise<ServiceWorker> {
  const worker = await activeWorker();
  if (!worker) throw new Error('service worker not supported or not registered');
  return worker;
}

/** Sends a message to the worker; resolves with its answer, or undefined when none comes in time. */
export async function ask<Answer>(message: ToWorker): Promise<Answer | undefined> {
  const worker = await activeWorker();
  if (!worker) return undefined;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<Answer>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  worker.postMessage(message, [port2]);
  return Promise.race([answer, after(30_000)]);
}
