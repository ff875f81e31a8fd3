import { joined, pieces } from '../cache/buffer.ts';
import { bytes } from '../edge/synthetic.ts';
import type { Bytes } from '../edge/types.ts';
import type { Fields } from '../http/fields.ts';
import { optional } from '../optional.ts';

const describesBody = (name: string): boolean => /^(?:content-.*|soapaction)$/.test(name);

const decoded = (text: string): string =>
  text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (found) => {
    const codes = found
      .slice(1)
      .split('%')
      .map((code) => Number.parseInt(code, 16));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(codes));
  });

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** The plan of the POST or PUT that a link carries, or undefined if it carries none (E29). */
optional.unwrapped = (plan, planner) => {
  const { request } = plan;
  if (request.method !== 'GET' || !request.query.includes('pref_edgio_method')) return undefined;
  const carried: Record<string, string> = {};
  const rest = request.query.split('&').filter((part) => {
    const [name = ''] = part.split('=', 1);
    const isOwn = name === 'pref_edgio_method' || name === 'pref_edgio_body';
    if (isOwn) carried[name] = decoded(part.slice(name.length + 1));
    return !isOwn;
  });
  const method = (carried.pref_edgio_method ?? '').toUpperCase();
  if (method !== 'POST' && method !== 'PUT') return undefined;
  const text = carried.pref_edgio_body ?? '';
  const body = bytes(text);
  const headers: Fields = new Map([...request.headers].filter(([name]) => !describesBody(name)));
  headers.set('content-type', [isJson(text) ? 'application/json' : 'text/plain;charset=UTF-8']);
  headers.set('content-length', [String(body.length)]);
  const made = planner.plan({ ...request, method, query: rest.join('&'), headers, body }, plan.keep);
  const methods = made.decision.merged.get<string[]>('caching.enable_caching_for_methods') ?? [];
  if (!methods.includes(method)) return undefined;
  return {
    ...made,
    mayFetch: made.mayFetch && plan.mayFetch,
    mayRefresh: made.mayRefresh && plan.mayRefresh,
  };
};

/** The parts of a cache key for a body and the headers that describe it (E8). */
optional.bodyKey = async (headers, body) => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body as BufferSource));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const names = [...headers.keys()].filter((name) => describesBody(name) && name !== 'content-length').sort();
  return [...names.map((name) => `header ${name}=${headers.get(name)?.join(', ')}`), `body ${hex}`];
};

/** Read at most that many bytes of a body: all of it, or its beginning and the rest as a stream. */
optional.readSmall = async (body, most) => {
  if (!body) return { whole: new Uint8Array(), body };
  if (body instanceof Uint8Array) return { whole: body, body };
  const source = pieces(body);
  const chunks: Bytes[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await source.next();
    if (done) {
      const whole = joined(chunks, size);
      return { whole, body: whole };
    }
    chunks.push(value);
    size += value.length;
    if (size > most) break;
  }
  const rest = new ReadableStream<Bytes>({
    async pull(controller) {
      const first = chunks.shift();
      const next = first ? { done: false, value: first } : await source.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value as Bytes);
    },
    async cancel() {
      await source.return(undefined);
    },
  });
  return { body: rest };
};
