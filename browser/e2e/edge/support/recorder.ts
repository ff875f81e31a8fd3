/** A proxy before an engine that notes each request and what it was answered, since engines log differently. */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Told } from './log';

/** Where the edge's own files are. */
const OWN = /^\/__edgio__/;

export class Recorder {
  /** In the order in which they ended. */
  readonly requests: Told[] = [];
  #server: Server;

  private constructor(private readonly upstream: URL) {
    this.#server = createServer((incoming, response) => this.#forward(incoming, response));
  }

  /** Start it before the edge at an address. */
  static async start(upstream: string): Promise<Recorder> {
    const recorder = new Recorder(new URL(upstream));
    await new Promise<void>((resolve) => recorder.#server.listen(0, '127.0.0.1', resolve));
    return recorder;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    const { hostname, port } = this.upstream;
    const { method, headers, url: path } = incoming;
    const upstream = send({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      answer.pipe(response);
      answer.on('end', () => this.#note(incoming, answer));
    });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  }

  /** A prefetch that only the cache may answer is a hit or refused; that no origin saw it is for a test to say. */
  #note(incoming: IncomingMessage, answer: IncomingMessage): void {
    const { method = 'GET', url = '/' } = incoming;
    const cache = OWN.test(url) ? 'internal' : handling(`${answer.headers['cache-status'] ?? ''}`);
    const status = answer.statusCode ?? 0;
    const prefetch = url.includes('edgio_prefetch=1') ? (status === 412 ? 'refused' : 'hit') : null;
    const number = this.requests.length + 1;
    const time = new Date().toISOString();
    this.requests.push({ number, time, method, url: `${this.address}${url}`, status, cache, prefetch });
  }
}

/** How the cache handled a request, by its entry in Cache-Status (RFC 9211). */
function handling(status: string): string {
  if (/;\s*hit\b/.test(status)) return 'hit';
  return /fwd=(?:bypass|method|request)/.test(status) ? 'pass' : 'miss';
}
