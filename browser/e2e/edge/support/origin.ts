/** The website behind the edge: it knows nothing of prefetching, and writes down every request. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from '../../support/site';

/** One request as the origin saw it. */
export interface Asked {
  method: string;
  /** Path and query. */
  target: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Path and query to what the origin answers, or makes of the request. A string is an HTML page. */
export type Pages = Record<string, string | Answer | ((asked: Asked) => Answer)>;

export class Origin {
  /** All requests in the order of their arrival, but those for the icon that browsers look for. */
  readonly requests: Asked[] = [];
  #server: Server;

  constructor(public pages: Pages) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** Be gone: connections that are open end too. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The targets that were asked for, sorted, each as often as it was. */
  get targets(): string[] {
    return this.requests.map(({ target }) => target).sort();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url: target = '', headers } = incoming;
    const asked = { method, target, headers, body: Buffer.concat(chunks).toString() };
    if (target === '/favicon.ico') return send(response, { status: 204 });
    this.requests.push(asked);
    const page = this.pages[target] ?? { status: 404, body: 'not found' };
    send(response, typeof page === 'function' ? page(asked) : page);
  }
}

function send(response: ServerResponse, page: string | Answer): void {
  const {
    status = 200,
    headers = {},
    body = '',
  } = typeof page === 'string'
    ? { body: page, headers: { 'content-type': 'text/html; charset=utf-8' } }
    : page;
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}
