import type { Edge } from '../edge/edge.ts';
import type { EdgeResponse, OriginRequest, OriginResponse, Plan } from '../edge/types.ts';
import { type Fields, fieldsOf } from '../http/fields.ts';
import type { Visitor } from '../rules/context.ts';
import { declaredLength, wireHeaders } from './wire.ts';

/** What is set for one deployment, in variables of its environment. */
export interface Settings {
  /** The URLs of origins by name. */
  readonly origins: Readonly<Record<string, string>>;
  /** Whether a line is written for each request. */
  readonly logs: boolean;
  /** The size of the cache in memory, in bytes. */
  readonly cacheBytes: number;
}

/** The settings in an environment: `ORIGINS` (JSON), `LOG` and `CACHE_BYTES`. */
export function settings(environment: Readonly<Record<string, unknown>>): Settings {
  const { ORIGINS = '{}', LOG = 'on', CACHE_BYTES = 64 * 1024 * 1024 } = environment;
  const origins = typeof ORIGINS === 'string' ? JSON.parse(ORIGINS || '{}') : ORIGINS;
  return { origins, logs: LOG !== 'off', cacheBytes: Number(CACHE_BYTES) };
}

/** The `fetch` of a platform, or of one of its bindings. */
export interface Fetcher {
  fetch(url: string, init: object): Promise<Response>;
}

const GLOBAL: Fetcher = { fetch: (url, init) => fetch(url, init as RequestInit) };

/** Send a request to an origin with `fetch`; `more` are options of the platform, bindings go first. */
export const sendByFetch =
  (more: object = {}, binding: (name: string) => Fetcher | undefined = () => undefined) =>
  async (wanted: OriginRequest): Promise<OriginResponse> => {
    const { method, headers, body, answerSeconds, bind } = wanted;
    const bound = bind === undefined ? undefined : binding(bind);
    const host = headers.get('host')?.[0];
    // A binding leads to its host whatever the URL says, which is where the Host header comes from.
    const url = bound && host ? wanted.url.replace(/^([a-z]+:\/\/)[^/?]*/i, `$1${host}`) : wanted.url;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('', 'TimeoutError')), answerSeconds * 1000);
    const init = { method, body: body as BodyInit | null, redirect: 'manual' as const, signal: late.signal };
    const stream = body && !(body instanceof Uint8Array) ? { duplex: 'half' } : {};
    try {
      const all = { ...init, ...stream, ...more, headers: wireHeaders(headers) };
      const response = await (bound ?? GLOBAL).fetch(url, all);
      const fields = fieldsOf(response.headers);
      const cookies = response.headers.getSetCookie();
      if (cookies.length) fields.set('set-cookie', cookies);
      return { status: response.status, headers: fields, body: response.body };
    } catch (error) {
      // Workers throw another error than the reason.
      throw late.signal.aborted ? late.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  };

const WITHOUT_BODY = new Set([101, 204, 205, 304]);

/** The headers of a request; `forEach` is the fastest that platforms have. */
function requestFields({ headers, url }: Request): Fields {
  const fields: Fields = new Map();
  headers.forEach((value, name) => {
    fields.set(name, [...(fields.get(name) ?? []), value]);
  });
  if (!fields.has('host')) fields.set('host', [new URL(url).host]);
  return fields;
}

/** Headers in the form that platforms take fastest: an object, unless a name has several values. */
function sentHeaders(fields: Fields): Record<string, string> | [string, string][] {
  const pairs = wireHeaders(fields);
  for (const values of fields.values()) if (values.length > 1) return pairs;
  return Object.fromEntries(pairs);
}

/** The length that a response names besides its body, or undefined if the platform counts it. */
function namedLength(method: string, { headers, body }: EdgeResponse): number | undefined {
  if (method !== 'HEAD' && !(body instanceof ReadableStream)) return undefined;
  const own = method === 'HEAD' && body instanceof Uint8Array ? body.length || undefined : undefined;
  return declaredLength(headers) ?? own;
}

/** A handler of requests as Workers, Deno and Bun have it. */
export const fetchHandler =
  (edge: Pick<Edge, 'handle'>) =>
  async (request: Request, visitor: Visitor, keep: Plan['keep'] = () => {}): Promise<Response> => {
    const { method, url } = request;
    const target = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/, '') || '/';
    const headers = requestFields(request);
    const hasBody = request.body !== null && headers.get('content-length')?.[0] !== '0';
    const raw = { method, target, headers, body: hasBody ? request.body : null, visitor };
    const response = await edge.handle(raw, keep);
    const { status, body } = response;
    const length = namedLength(method, response);
    const sent = sentHeaders(response.headers);
    if (length !== undefined) {
      if (Array.isArray(sent)) sent.push(['content-length', String(length)]);
      else sent['content-length'] = String(length);
    }
    const isEmpty =
      WITHOUT_BODY.has(status) || method === 'HEAD' || (body instanceof Uint8Array && !body.length);
    if (isEmpty && body instanceof ReadableStream) body.cancel().catch(() => {});
    // Workers compress a body again whose header says that it is compressed, unless it is forbidden to.
    const encodeBody = response.isPacked ? 'manual' : 'automatic';
    const init = { status, headers: sent, encodeBody } as ResponseInit;
    return new Response(isEmpty ? null : (body as BodyInit), init);
  };
