import type { Report } from '../core/protocol.js';
import type { PrefetchAs } from '../core/types.js';

export type Cors = false | 'anonymous' | 'use-credentials';

/** What is requested, and how. */
export interface Wanted {
  /** The URL with our parameters. */
  href: string;
  /** The URL without them: the key of the store. */
  key: string;
  as: PrefetchAs;
  cors: Cors;
  /** Whether the edge may answer only from its cache. */
  cachedOnly: boolean;
  /** Whether it is of another origin, past the worker. */
  isForeign?: boolean;
  /** How `fetch()` requests it, if not as usual. */
  init?: RequestInit | undefined;
  /** How long it will be fresh, if the call says so. */
  seconds?: number | undefined;
}

/** A request that the page has sent itself. */
export interface Sent {
  response: Promise<Response>;
  body: Promise<ArrayBuffer>;
  stop: AbortController;
  /** Whether a click on its link can use it: the worker knows of it, or the browser's cache keeps it. */
  isTaken?: boolean;
}

/** The result of a request, as far as the page knows it. */
export type Result = Pick<Report, 'event' | 'reason' | 'status' | 'expires' | 'isUsed'>;

/** Makes the browser's own cache keep a request, which is sent when `sent` is called, unless it was sent already. */
export type KeepInCache = (sent: () => Sent) => Promise<Result>;
