/** The worker's edge without sockets and with a clock set by hand: JSON lines in, JSON lines out. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const module = pathToFileURL(process.argv[2]).href;
const { Edge, fieldsOf, wireHeaders } = await import(module);
const { MemoryStore } = await import(new URL('memory.js', module));
const requests = new AsyncLocalStorage();
const waiting = new Map();
let edge;
let now = 0;
let sent = 0;

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'));
const pairs = (headers) => [...headers].flatMap(([name, texts]) => texts.map((text) => [name, text]));

/** A body that comes in pieces, and perhaps breaks off: an error drops the pieces that nobody has taken yet. */
function stream(body, isBroken) {
  let at = 0;
  const source = {
    pull(controller) {
      if (at < body.length) controller.enqueue(body.slice(at, (at += 4)));
      else if (isBroken) controller.error(new Error('it broke off'));
      else controller.close();
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

async function whole(body) {
  if (!body) return ['', false];
  if (body instanceof Uint8Array) return [Buffer.from(body).toString('base64'), false];
  const pieces = [];
  try {
    for await (const piece of body) pieces.push(piece);
  } catch {
    return [Buffer.concat(pieces).toString('base64'), true];
  }
  return [Buffer.concat(pieces).toString('base64'), false];
}

async function send({ url, method, headers, body }) {
  const id = sent++;
  const [text] = await whole(body);
  const answer = await new Promise((resolve) => {
    waiting.set(id, resolve);
    say({ ask: id, url, method, headers: pairs(headers), body: text });
  });
  if (answer.failure)
    throw Object.assign(new Error(answer.failure), {
      name: answer.failure === 'slow' ? 'TimeoutError' : 'Error',
    });
  const isEmpty = method === 'HEAD';
  const came = isEmpty ? null : stream(bytes(answer.body), answer.isBroken);
  return { status: answer.status, headers: fieldsOf(answer.headers), body: came };
}

async function handle({ id, method, target, headers, body }) {
  const trace = {};
  const content = body === null ? null : stream(bytes(body), false);
  const visitor = { client: '127.0.0.1' };
  const raw = { method, target, headers: fieldsOf(headers), body: content, visitor, version: '1.1' };
  const response = await requests.run(trace, () => edge.handle(raw));
  const [text, isBroken] = method === 'HEAD' ? ['', false] : await whole(response.body);
  say({
    response: id,
    status: response.status,
    headers: wireHeaders(response.headers),
    body: text,
    isBroken,
    cache: trace.cache,
  });
}

/** Until nothing moves but what waits for an origin: bodies are hashed in other threads. */
async function settled() {
  for (let round = 0; round < 4; round++) {
    await crypto.subtle.digest('SHA-256', new Uint8Array(1));
    for (let turn = 0; turn < 25; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

const COMMANDS = {
  rules({ data, origins }) {
    edge = new Edge(new Function(`${data}; return DATA;`)(), {
      store: new MemoryStore(1e8),
      send,
      now: () => now,
      log: (line) => Object.assign(requests.getStore() ?? {}, { cache: JSON.parse(line).cache }),
      origins,
    });
  },
  clock: (message) => {
    now = message.now;
  },
  handle: (message) => {
    handle(message).catch((error) => say({ response: message.id, error: String(error.stack) }));
  },
  answer: (message) => waiting.get(message.ask)(message),
  settle: async ({ id }) => {
    await settled();
    say({ settled: id });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  COMMANDS[message.do](message);
}
