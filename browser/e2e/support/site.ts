/**
 * A website behind a CDN edge, in one process: the edge answers from its cache, refuses prefetches
 * that miss with 412, and writes down every request so that a test can ask what the origin saw.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Client, ownFile } from './builds';

/** What the origin answers for one URL. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** The second half of the body is sent when this resolves. */
  rest?: Promise<unknown>;
}

/** One request as the edge saw it. */
export interface Arrived {
  method: string;
  path: string;
  /** Path and query as sent. */
  url: string;
  /** Path and query without the edge's own parameters: what the visitor asked for. */
  target: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** Sent by a prefetch, by mark or by header. */
  prefetch: boolean;
  /** Asked the edge not to go to the origin. */
  cachedOnly: boolean;
  from: 'edge' | 'origin' | 'refused';
}

export interface SiteOptions {
  /** Path, or path and query, to the origin's answer. A string is an HTML page. */
  pages?: Record<string, string | Answer | ((request: Arrived) => Answer | Promise<Answer>)>;
  /** The rules of `cache-manifest.js`; `null` makes it a 404. */
  rules?: readonly unknown[] | null;
  /** The text of `cache-manifest.js`, instead of rules. */
  manifest?: string;
  /** Targets that the edge holds; by default every GET that the origin answers with 200. */
  cached?: readonly string[];
  /** Which client the site serves. */
  client?: Client;
  /** Script that runs in the stock worker ahead of it. */
  workerPrologue?: string;
  /** The name of another built file that is served in the place of the worker. */
  inPlaceOfWorker?: string;
}

/** The features that make a URL prefetchable for an hour, and the header with which the edge says so. */
export const HOUR = { caching: { max_age: '1h', service_worker_max_age: '1h' } };
export const HOUR_HEADER = { 'x-sw-cache-control': 'max-age=3600' };

/** The guide's rule: `.match("/pages/:id", ...)`. */
export const GUIDE_RULES = [{ if: [{ '==': [{ request: 'path' }, '/pages/:id'] }, HOUR] }];

const PATIENCE_MS = 15_000;
const EDGE_PARAMETER = /^edgio_/;

export class Site {
  readonly requests: Arrived[] = [];
  #options: SiteOptions;
  #server: Server;
  #sockets = new Set<Socket>();
  #port = 0;
  #watchers = new Set<() => void>();

  constructor(options: SiteOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Start listening; a second call after `stop()` comes back on the same port. */
  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Stop listening and drop every connection: what being offline looks like. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  url(path = '/', host = 'localhost'): string {
    return `http://${host}:${this.#port}${path}`;
  }

  /** Change pages, rules or cache while the site runs: a deployment. */
  deploy(options: Partial<SiteOptions>): void {
    this.#options = { ...this.#options, ...options };
  }

  /** The targets that were prefetched, sorted, each as often as it was requested. */
  get prefetched(): string[] {
    return this.requests
      .filter((request) => request.prefetch)
      .map((request) => request.target)
      .sort();
  }

  /** The targets that reached the origin. */
  get atOrigin(): string[] {
    return this.requests.filter((request) => request.from === 'origin').map((request) => request.target);
  }

  /** Requests for one target, prefetches and others. */
  asked(target: string): Arrived[] {
    return this.requests.filter((request) => request.target === target);
  }

  /** Requests for one target that a visitor, not a prefetch, made. */
  visits(target: string): Arrived[] {
    return this.asked(target).filter((request) => !request.prefetch);
  }

  /** Resolve once every target was prefetched; reject, naming the missing ones, after 15 s. */
  async whenPrefetched(...targets: string[]): Promise<void> {
    await this.when(
      () => targets.every((target) => this.asked(target).some((request) => request.prefetch)),
      () => `no prefetch of ${targets.join(', ')}; prefetched: ${this.prefetched.join(', ') || 'nothing'}`,
    );
  }

  /** Resolve once `condition` holds; it is asked again at each request. */
  async when(condition: () => boolean, failure: () => string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(check);
        reject(new Error(failure()));
      }, PATIENCE_MS);
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#watchers.delete(check);
        resolve();
      };
      this.#watchers.add(check);
    });
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await arrived(incoming);
    const { client = 'ours', workerPrologue = '', inPlaceOfWorker } = this.#options;
    const own = ownFile(request.path, client, workerPrologue, inPlaceOfWorker);
    if (own !== undefined) return send(response, { headers: JAVASCRIPT, body: own });
    if (/^(\/proj)?\/__edgio__\/cache-manifest\.js$/.test(request.path))
      return send(response, this.#manifest());
    if (request.path === '/favicon.ico') return send(response, { status: 204 });

    this.requests.push(request);
    for (const check of [...this.#watchers]) check();
    const [from, answer] = await this.#edge(request);
    request.from = from;
    await send(response, answer);
    for (const check of [...this.#watchers]) check();
  }

  async #edge(request: Arrived): Promise<[Arrived['from'], Answer]> {
    const answer = await this.#origin(request);
    const held = this.#options.cached?.includes(request.target) ?? (answer.status ?? 200) === 200;
    if (held && request.method === 'GET') return ['edge', answer];
    if (request.cachedOnly) return ['refused', { status: 412, headers: { 'cache-control': 'no-store' } }];
    return ['origin', answer];
  }

  #origin(request: Arrived): Answer | Promise<Answer> {
    const pages = this.#options.pages ?? {};
    const page = pages[request.target] ?? pages[request.path] ?? { status: 404, body: 'not found' };
    if (typeof page === 'function') return page(request);
    return typeof page === 'string' ? html(page) : page;
  }

  #manifest(): Answer {
    const { rules = GUIDE_RULES, manifest } = this.#options;
    if (rules === null) return { status: 404, body: 'not found' };
    const body = manifest ?? `self.__EDGIO_CACHE_MANIFEST__=${JSON.stringify({ rules })};\n`;
    return { headers: JAVASCRIPT, body };
  }
}

const JAVASCRIPT = { 'content-type': 'text/javascript', 'cache-control': 'no-cache' };

/** Start a site; its own port makes it a separate origin, with no worker or store of another test. */
export async function startSite(options: SiteOptions = {}): Promise<Site> {
  return new Site(options).start();
}

/** An HTML answer; `headers` as the edge would add them. */
export function html(body: string, headers: Record<string, string> = {}): Answer {
  return { headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}

async function arrived(incoming: IncomingMessage): Promise<Arrived> {
  const url = incoming.url ?? '/';
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  const parts = query.split('&').filter(Boolean);
  const kept = parts.filter((part) => !EDGE_PARAMETER.test(part));
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? 'GET',
    path,
    url,
    target: kept.length ? `${path}?${kept.join('&')}` : path,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString(),
    prefetch:
      parts.includes('edgio_dt_pf=1') || /prefetch/.test(String(incoming.headers['sec-purpose'] ?? '')),
    cachedOnly: parts.includes('edgio_prefetch=1'),
    from: 'edge',
  };
}

async function send(
  response: ServerResponse,
  { status = 200, headers = {}, body = '', rest }: Answer,
): Promise<void> {
  const whole = Buffer.from(body);
  response.writeHead(status, { 'content-length': whole.length, ...headers });
  if (!rest) return void response.end(whole);
  const half = whole.length / 2;
  response.write(whole.subarray(0, half));
  await rest;
  response.end(whole.subarray(half));
}
