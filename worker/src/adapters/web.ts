import type { RawRequest } from '../edge/admit.ts';
import type { Edge } from '../edge/edge.ts';
import { OriginError, type OriginRequest, type OriginResponse, type Plan } from '../edge/types.ts';
import { fieldsOf } from '../http/fields.ts';
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
    const timer = setTimeout(
      () => late.abort(new OriginError('timeout', `${new URL(url).hostname} gave no response in time`)),
      answerSeconds * 1000,
    );
    const init = { method, body: body as BodyInit | null, redirect: 'manual' as const, signal: late.signal };
    const stream = body && !(body instanceof Uint8Array) ? { duplex: 'half' } : {};
    try {
      const all = { ...init, ...stream, ...more, headers: wireHeaders(headers) };
      const response = await (bound ?? GLOBAL).fetch(url, all);
      const fields = fieldsOf(response.headers);
      const cookies = response.headers.getSetCookie();
      if (cookies.length) fields.set('set-cookie', cookies);
      return { status: response.status, headers: fields, body: response.body };
    } finally {
      clearTimeout(timer);
    }
  };

const WITHOUT_BODY = new Set([101, 204, 205, 304]);

/** A handler of requests as Workers, Deno and Bun have it. */
export const fetchHandler =
  (edge: Edge) =>
  async (
    request: Request,
    client: string,
    facts: RawRequest['facts'] = {},
    keep: Plan['keep'] = () => {},
  ): Promise<Response> => {
    const target = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/, '') || '/';
    const headers = [...request.headers];
    if (!request.headers.has('host')) headers.push(['host', new URL(request.url).host]);
    const length = request.headers.get('content-length');
    const hasBody = request.body !== null && length !== '0';
    const response = await edge.handle(
      { method: request.method, target, headers, body: hasBody ? request.body : null, client, facts },
      keep,
    );
    const { status, body } = response;
    const sent = new Headers(wireHeaders(response.headers));
    const declared = declaredLength(response.headers);
    if (request.method === 'HEAD') {
      const known = declared ?? (body instanceof Uint8Array ? body.length || undefined : undefined);
      if (known !== undefined) sent.set('content-length', String(known));
    } else if (body instanceof ReadableStream && declared !== undefined)
      sent.set('content-length', String(declared));
    const isEmpty =
      WITHOUT_BODY.has(status) || request.method === 'HEAD' || (body instanceof Uint8Array && !body.length);
    if (isEmpty && body instanceof ReadableStream) body.cancel().catch(() => {});
    // Workers compress a body again whose header says that it is compressed, unless it is told not to.
    const encodeBody = response.isPacked ? 'manual' : 'automatic';
    return new Response(isEmpty ? null : (body as BodyInit), {
      status,
      headers: sent,
      encodeBody,
    } as ResponseInit);
  };
