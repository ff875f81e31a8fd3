/** The parts of a service worker's global scope that we use; the DOM library of TypeScript knows no workers. */
export interface WorkerScope {
  location: { origin: string; pathname: string };
  clients: {
    get: (id: string) => Promise<WindowClient | undefined>;
    matchAll: (options: { type: 'window' }) => Promise<readonly WindowClient[]>;
    claim: () => Promise<void>;
  };
  skipWaiting: () => Promise<void>;
  registration: { unregister: () => Promise<boolean> };
  addEventListener: {
    (type: 'fetch', listener: (event: FetchEvent) => void): void;
    (type: 'message', listener: (event: WorkerMessageEvent) => void): void;
    (type: 'install', listener: (event: InstallEvent) => void): void;
    (type: 'activate', listener: (event: LastingEvent) => void): void;
  };
}

export interface WindowClient {
  id: string;
  postMessage: (message: unknown, transfer?: Transferable[]) => void;
}

/** An event that keeps the worker alive. */
export interface LastingEvent {
  waitUntil: (work: Promise<unknown>) => void;
}

export interface InstallEvent extends LastingEvent {
  /** Missing in browsers without static routes. */
  addRoutes?: (routes: object[]) => Promise<void>;
}

export interface FetchEvent extends LastingEvent {
  request: Request;
  clientId: string;
  resultingClientId: string;
  /** The response to a navigation that the browser has requested meanwhile, if navigation preload is on. */
  preloadResponse: Promise<Response | undefined>;
  respondWith: (response: Promise<Response>) => void;
}

export interface WorkerMessageEvent extends LastingEvent {
  data: unknown;
  source: Pick<WindowClient, 'id' | 'postMessage'> | null;
  ports: readonly Port[];
}

export interface Port {
  postMessage: (message: unknown) => void;
  onmessage: ((event: MessageEvent) => void) | null;
}

export const scope = globalThis as unknown as WorkerScope;
