// Runs the runtime of the target `worker` on a clock set by hand; requests, origins and time come as lines of JSON.
//
//     in:   edge, time, request, answer, failure, settle, idle        out:  response, ask, settled, idle

import { createInterface } from 'node:readline';

const { Edge, fieldsOf } = await import(process.argv[2]);
const { MemoryStore } = await import(new URL('memory.js', process.argv[2]));

let now = 0;
let edge;
let number = 0;
const asks = new Map();
const logged = new Map();
const kept = new Set();

const encode = (bytes) => Buffer.from(bytes).toString('base64');
const decode = (text) => new Uint8Array(Buffer.from(text, 'base64'));
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const rest = () => new Promise((resolve) => setImmediate(resolve));

const keep = (promise) => {
  const own = promise.catch(() => {}).finally(() => kept.delete(own));
  kept.add(own);
};

async function read(body) {
  if (!body) return { body: '', broken: false };
  if (body instanceof Uint8Array) return { body: encode(body), broken: false };
  const chunks = [];
  try {
    for await (const chunk of body) chunks.push(chunk);
  } catch {
    return { body: encode(Buffer.concat(chunks)), broken: true };
  }
  return { body: encode(Buffer.concat(chunks)), broken: false };
}

/** A body in pieces of four bytes. */
const pieces = (bytes, isBroken = false) => {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + 4));
      else if (isBroken) controller.error(new Error('it broke off'));
      else controller.close();
      at += 4;
    },
  });
};

async function send({ url, method, headers, body }) {
  const id = ++number;
  const { origin, target } = /^https?:\/\/(?<origin>[^/?]*)(?<target>.*)$/.exec(url).groups;
  const pairs = [...headers].flatMap(([name, values]) => values.map((value) => [name, value]));
  const sent = await read(body);
  return new Promise((resolve, reject) => {
    asks.set(id, { resolve, reject });
    say({ kind: 'ask', id, origin, method, target, headers: pairs, body: sent.body });
  });
}

async function handle({ id, method, target, headers, body }) {
  const bytes = decode(body);
  const raw = {
    method,
    target,
    headers: fieldsOf(headers),
    visitor: { client: String(id) },
    body: bytes.length ? pieces(bytes) : null,
  };
  const response = await edge.handle(raw, keep);
  const pairs = [...response.headers].flatMap(([name, values]) => values.map((value) => [name, value]));
  const cache = logged.get(String(id));
  say({ kind: 'response', id, status: response.status, headers: pairs, cache, ...(await read(response.body)) });
}

const does = {
  edge({ data }) {
    const log = (line) => {
      const { client, cache } = JSON.parse(line);
      logged.set(client, cache);
    };
    edge = new Edge(data, { store: new MemoryStore(64 * 1024 * 1024), send, now: () => now, log });
  },
  time(message) {
    now = message.now;
  },
  request: handle,
  answer({ id, status, headers, body, broken }) {
    asks.get(id).resolve({ status, headers: fieldsOf(headers), body: pieces(decode(body), broken) });
  },
  failure({ id, slow }) {
    const name = slow ? 'TimeoutError' : 'Error';
    asks.get(id).reject(Object.assign(new Error('no response'), { name }));
  },
  async settle({ id }) {
    for (let turn = 0; turn < 5; turn++) await rest();
    say({ kind: 'settled', id });
  },
  async idle({ id }) {
    do {
      await Promise.all(kept);
      await rest();
    } while (kept.size);
    say({ kind: 'idle', id });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  Promise.resolve(does[message.kind](message)).catch((error) => {
    say({ kind: 'error', id: message.id, text: String(error?.stack ?? error) });
  });
}
