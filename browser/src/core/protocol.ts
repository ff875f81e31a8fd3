/** Messages between a page and its service worker. Each has an `action`; other messages are ignored. */
import type { HtmlQuery } from './html.js';
import type { PrefetchAs, PrefetchConfiguration, WorkerStats } from './types.js';

/** A message that is answered: the answer has its number. A port for each would cost a page with many links dearly. */
export type Numbered = ToWorker & { id: number };

/** Page to worker. */
export type ToWorker =
  | {
      action: 'fetch-into-store';
      url: string;
      cors: false | 'anonymous' | 'use-credentials';
      /** The `Accept` of the request. */
      accept?: string | undefined;
      /** Whether the page has requested it already: it then sends a {@link Delivery} through the port that comes along. */
      isSent?: boolean | undefined;
    }
  /** The visitor opens a URL: prefetches that are under way end, except for that one. No answer. */
  | { action: 'make-way'; url: string }
  | { action: 'get-stats' }
  | { action: 'clear' };

/** What a page has fetched itself, once it is complete; null if the worker has to request it. */
export type Delivery = {
  /** Zero for an aborted request. */
  status: number;
  headers: [name: string, value: string][];
  body?: ArrayBuffer | undefined;
} | null;

/** Worker to page. Those with an answer bring a message port. */
export type ToPage =
  | Report
  /** The answer to the message of the page with this number. */
  | { action: 'answer'; id: number; content: unknown }
  /** A response is no longer in the store; without a URL, the store was emptied. Sent to all pages. */
  | { action: 'dropped'; url?: string | undefined }
  | {
      action: 'prefetch';
      url: string;
      as?: PrefetchAs | undefined;
      options?: PrefetchConfiguration | undefined;
    }
  | { action: 'query-html'; query: HtmlQuery };

/** The outcome for one URL, reported by the worker to the page that requested it. */
export interface Report {
  action: 'report';
  /** `kept`: a fresh response was stored already, so nothing was requested. */
  event: 'prefetch' | 'kept' | 'hit' | 'refused' | 'wasted';
  /** The URL without our own parameters: the key of the store. */
  url: string;
  /** Why a prefetch was refused, in a few words. */
  reason?: string | undefined;
  /** Status of the response, when there was one. */
  status?: number | undefined;
  /** When the stored response stops being fresh, in milliseconds since 1970. */
  expires?: number | undefined;
  /** Whether the response that was stored already has answered a request. */
  isUsed?: boolean | undefined;
}

/** The answer to `get-stats`. */
export interface StatsAnswer {
  stats: WorkerStats;
  /** Whether the page that asks was itself answered from the store. */
  servedFromStore: boolean;
}
