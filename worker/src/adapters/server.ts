import {
  createServer,
  Agent as HttpAgent,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as requestByTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { MemoryStore } from './memory.ts';
import { type Packers, withPackedFiles } from './packing.ts';
import { purge } from './purging.ts';
import {
  data,
  Edge,
  type EdgeResponse,
  fieldsOf,
  type OriginRequest,
  type OriginResponse,
  settings,
  wireHeaders,
} from './worker.ts';

// Deno does not say whether a connection was used before, so that none may be used twice (E37).
const keepAlive = !('Deno' in globalThis);
const httpAgent = new HttpAgent({ keepAlive, maxSockets: 100 });
const httpsAgent = new HttpsAgent({ keepAlive, maxSockets: 100 });
const MAX_HEADER = 64 * 1024;
/** How long open requests may take when the server stops. */
const STOP_MILLISECONDS = 5_000;

const PACKERS: Packers = { br: promisify(brotliCompress), gzip: promisify(gzip) };

type Pairs = [string, string][];

const pairsOf = (raw: readonly string[]): Pairs =>
  raw.flatMap((name, at) => (at % 2 ? [] : [[name, raw[at + 1] ?? ''] as [string, string]]));

/** The headers of a request to an origin, with those that frame its body. */
function originHeaders({ method, headers, body }: OriginRequest): Pairs {
  const pairs = wireHeaders(headers).filter(([name]) => name !== 'expect');
  const [host, others] = [
    pairs.filter(([name]) => name === 'host'),
    pairs.filter(([name]) => name !== 'host'),
  ];
  const declared = headers.get('content-length')?.[0];
  if (body instanceof Uint8Array) others.push(['content-length', String(body.length)]);
  else if (body) others.push(declared ? ['content-length', declared] : ['transfer-encoding', 'chunked']);
  else if (!/^(?:GET|HEAD|OPTIONS|TRACE)$/.test(method)) others.push(['content-length', '0']);
  return [...host, ...others];
}

/** Send a request to an origin; one on a connection that was closed meanwhile is sent again once. */
function send(wanted: OriginRequest, isAgain = false): Promise<OriginResponse> {
  return new Promise((resolve, reject) => {
    const { method, body, answerSeconds } = wanted;
    const url = new URL(wanted.url);
    const isTls = url.protocol === 'https:';
    // `URL` would resolve what the rules keep as it is.
    const path = wanted.url.replace(/^[a-z]+:\/\/[^/?]*/i, '');
    const sent = (isTls ? requestByTls : request)({
      agent: isAgain ? false : isTls ? httpsAgent : httpAgent,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (isTls ? 443 : 80),
      servername: url.hostname,
      method,
      path,
      headers: originHeaders(wanted).flat() as unknown as Record<string, string>,
      setHost: false,
      maxHeaderSize: MAX_HEADER,
    });
    const late = setTimeout(() => {
      sent.destroy(Object.assign(new Error('the origin gave no response in time'), { name: 'TimeoutError' }));
    }, answerSeconds * 1000);
    let hasResponse = false;
    sent.on('response', (response: IncomingMessage) => {
      hasResponse = true;
      clearTimeout(late);
      const stream = Readable.toWeb(response) as ReadableStream<Uint8Array>;
      const isEmpty = method === 'HEAD' || response.headers['content-length'] === '0';
      if (isEmpty) response.resume();
      resolve({
        status: response.statusCode ?? 502,
        headers: fieldsOf(pairsOf(response.rawHeaders)),
        body: isEmpty ? null : stream,
      });
    });
    const failed = (error: Error & { code?: string }) => {
      if (hasResponse) return;
      hasResponse = true;
      clearTimeout(late);
      const mayRepeat = !isAgain && keepAlive && sent.reusedSocket && !body && /^(?:GET|HEAD)$/.test(method);
      if (mayRepeat && error.name !== 'TimeoutError') send(wanted, true).then(resolve, reject);
      else reject(error);
    };
    sent.on('error', failed);
    // Deno reports no error for a connection that the origin ends.
    const ended = () => failed(new Error('the origin ended the connection'));
    sent.on('socket', (socket) => {
      socket.once('close', ended);
      sent.on('response', () => socket.off('close', ended));
    });
    if (!body || body instanceof Uint8Array) sent.end(body ?? undefined);
    else pipeline(Readable.fromWeb(body as never), sent).catch(() => {});
  });
}

/** Send a response to a client; one whose body breaks off ends its connection. */
async function reply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  response: EdgeResponse,
): Promise<void> {
  const { status, headers, body } = response;
  const pairs = wireHeaders(headers);
  const declared = headers.get('content-length')?.[0];
  const hasNone = incoming.method === 'HEAD' || status === 204 || status === 304;
  const own = body instanceof Uint8Array ? (hasNone ? body.length || undefined : body.length) : undefined;
  const length = own ?? declared;
  if (length !== undefined && status !== 204 && status !== 304)
    pairs.push(['content-length', String(length)]);
  outgoing.writeHead(status, pairs.flat());
  if (hasNone || !body) {
    if (body instanceof ReadableStream) await body.cancel();
    outgoing.end();
  } else if (body instanceof Uint8Array) outgoing.end(body);
  else await sendPieces(body, outgoing);
}

/** Send a body as it arrives; what came of one that breaks off is sent before the connection ends. */
async function sendPieces(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  outgoing.flushHeaders();
  const reader = body.getReader();
  outgoing.once('close', () => reader.cancel().catch(() => {}));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!outgoing.write(value) && !outgoing.destroyed) await once(outgoing, 'drain');
    }
    outgoing.end();
  } catch {
    outgoing.socket?.destroySoon();
  }
}

/** Wait for an event, or for the end of the connection. */
const once = (outgoing: ServerResponse, event: string): Promise<void> =>
  new Promise((resolve) => {
    const go = () => {
      outgoing.off(event, go).off('close', go);
      resolve();
    };
    outgoing.on(event, go).on('close', go);
  });

/** Listen for purges from this machine. */
function servePurges(edge: Edge, store: MemoryStore, port: number): void {
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url: path = '', rawHeaders } = incoming;
    const body = await new Response(Readable.toWeb(incoming) as ReadableStream).text();
    const [status, answer] = purge(
      { method, path, headers: fieldsOf(pairsOf(rawHeaders)), body },
      edge,
      store,
      data,
    );
    outgoing.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    outgoing.end(JSON.stringify(answer));
  });
  server.listen(port, '127.0.0.1').unref();
}

/** The edge as a server of Node, Deno and Bun: by `node:http` it sees each target as it is on the wire. */
export function serve(environment: Readonly<Record<string, string | undefined>> = process.env) {
  const { origins, logs, cacheBytes } = settings(environment);
  const store = new MemoryStore(cacheBytes);
  const edge = new Edge(data, {
    store,
    send,
    now: () => Date.now() / 1000,
    log: logs ? (line) => console.log(line) : undefined,
    origins,
  });
  const shown = withPackedFiles(edge, data, PACKERS);
  const options = { maxHeaderSize: 2 * MAX_HEADER, requireHostHeader: false, insecureHTTPParser: false };
  const server = createServer(options, (incoming, outgoing) => {
    const { method = 'GET', url: target = '/', rawHeaders, httpVersion: version, socket } = incoming;
    const { 'content-length': length, 'transfer-encoding': coding } = incoming.headers;
    const hasBody = coding !== undefined || (length !== undefined && length !== '0');
    const body = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null;
    const raw = {
      method,
      target,
      headers: fieldsOf(pairsOf(rawHeaders)),
      body,
      visitor: { client: socket.remoteAddress ?? '' },
      version,
    };
    shown
      .handle(raw)
      .then((response) => reply(incoming, outgoing, response))
      .catch((error: unknown) => {
        console.error(error);
        if (!outgoing.headersSent) outgoing.writeHead(500, { 'cache-control': 'no-store' });
        outgoing.end();
      });
  });
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    const isLong = error.code === 'HPE_HEADER_OVERFLOW';
    const line = isLong ? '431 the request head is too large' : '400 the request is not HTTP';
    const head = `HTTP/1.1 ${isLong ? '431 Request Header Fields Too Large' : '400 Bad Request'}\r\n`;
    const fields = 'content-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\n';
    const length = `content-length: ${line.length + 1}\r\nconnection: close\r\n\r\n`;
    if (socket.writable) socket.end(`${head}${fields}${length}${line}\n`);
    else socket.destroy();
  });
  const { HOST = '127.0.0.1', PORT = '8080', PURGE_PORT } = environment;
  if (PURGE_PORT) servePurges(edge, store, Number(PURGE_PORT));
  server.listen(Number(PORT), HOST, () => {
    const { port } = server.address() as AddressInfo;
    console.error(`listening on http://${HOST}:${port}`);
  });
  const stop = () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), STOP_MILLISECONDS).unref();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return server;
}

serve();
