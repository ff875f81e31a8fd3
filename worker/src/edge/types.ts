import type { Fields } from '../http/fields.ts';
import type { Policy } from '../http/storage.ts';
import type { Variant } from '../http/vary.ts';
import type { EdgeRequest, Head } from '../rules/context.ts';
import type { Decision } from '../rules/decision.ts';

export type Bytes = Uint8Array<ArrayBufferLike>;
export type Body = ReadableStream<Bytes> | Bytes | null;
export type MaybePromise<T> = T | Promise<T>;

/** The response to a client; headers of the connection and of the body's length are set by the sender. */
export interface EdgeResponse {
  readonly status: number;
  readonly headers: Fields;
  readonly body: Body;
  /** Whether the body is compressed here: platforms compress what only says so. */
  readonly isPacked?: boolean;
}

/** A response of an origin, or one that rules make in its place. */
export interface OriginResponse {
  readonly status: number;
  readonly headers: Fields;
  readonly body: Body;
}

export interface OriginRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Fields;
  readonly body: Body;
  /** The binding of the platform that leads to this host, where there is one. */
  readonly bind?: string | undefined;
  /** Until the head of the response has arrived, in seconds. */
  readonly answerSeconds: number;
}

/** A response that the edge stores (RFC 9111, section 3). */
export interface StoredResponse {
  readonly key: readonly string[];
  readonly variant: Variant;
  /** As it came from the origin: conditions on the response see this. */
  readonly original: Head;
  /** The headers to send, after the rules on an origin's headers. */
  readonly headers: Fields;
  readonly body: Bytes;
  readonly policy: Policy;
  /** The tags by which it can be purged (E38). */
  readonly tags?: readonly string[] | undefined;
  /** When it came, in seconds since 1970. */
  readonly time: number;
  /** Its age at that time, in seconds. */
  readonly age: number;
}

/** What is stored under a key: the response for a request, and the names in the last Vary. */
export interface Found {
  readonly stored?: StoredResponse | undefined;
  readonly names: readonly string[];
}

/** Where responses are stored; with values rather than promises where the platform allows it. */
export interface Store {
  find(key: readonly string[], headers: Fields): MaybePromise<Found>;
  store(stored: StoredResponse): MaybePromise<void>;
  discard(stored: StoredResponse): MaybePromise<void>;
  /** Remove all responses whose key begins with an address (RFC 9111, section 4.4). */
  invalidate(address: string): MaybePromise<void>;
}

/** What a platform gives the edge. */
export interface Platform {
  readonly store: Store;
  /** Sends a request to an origin; redirects are returned, not followed. */
  readonly send: (request: OriginRequest) => Promise<OriginResponse>;
  /** The time in seconds since 1970. */
  readonly now: () => number;
  /** Where the line of each request goes; undefined for none. */
  readonly log?: ((line: string) => void) | undefined;
  /** The URLs of origins by name, in place of those of the rules; `""` for all others. */
  readonly origins?: Readonly<Record<string, string>> | undefined;
}

export type CacheOutcome =
  | 'hit'
  | 'stale'
  | 'stale-error'
  | 'revalidated'
  | 'miss'
  | 'coalesced'
  | 'pass'
  | 'refused'
  | 'synthetic'
  | 'internal'
  | 'error';

/** What happened to a request, for `Cache-Status` and the log. */
export interface Trace {
  cache: CacheOutcome;
  reason: string;
  key?: string | undefined;
  ttl?: number | undefined;
  age?: number | undefined;
  forward?: 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'request' | 'stale' | undefined;
  originStatus?: number | undefined;
  calls: string[];
  line?: string | undefined;
  prefetch?: string | undefined;
  isStored?: boolean;
  isCollapsed?: boolean;
}

/** A request with the decision on it, before there is a response. */
export interface Plan {
  readonly request: EdgeRequest;
  readonly decision: Decision;
  /** Whether it is a prefetch that is not by this project's scripts. */
  readonly isForeign: boolean;
  /** Whether it may be forwarded to an origin. */
  readonly mayFetch: boolean;
  /** Whether it may start a refresh of the stored response that answers it. */
  readonly mayRefresh: boolean;
  /** Keeps a promise running after the response was sent, where the platform needs to know of it. */
  readonly keep: (promise: Promise<unknown>) => void;
}

/** No response of an origin. */
export class OriginError extends Error {
  constructor(
    readonly failure: 'unreachable' | 'timeout' | 'unknown',
    message: string,
  ) {
    super(message);
  }
}
