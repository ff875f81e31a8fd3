import type { Fetched } from './edge/fetcher.ts';
import type { Wanted } from './edge/origins.ts';
import type { Planner } from './edge/planner.ts';
import type { Body, Bytes, EdgeResponse, OriginResponse, Plan, StoredResponse, Trace } from './edge/types.ts';
import type { Fields } from './http/fields.ts';
import type { Policy } from './http/storage.ts';
import type { KeyOptions } from './optional/keyOptions.ts';
import type { Context } from './rules/context.ts';
import type {
  Data,
  Expression,
  HostData,
  OriginData,
  Placeholder,
  Reading,
  Template,
  Test,
} from './rules/data.ts';
import type { Leaf } from './rules/leaf.ts';
import type { Merged } from './rules/merged.ts';
import type { Redirect } from './rules/ruledDecision.ts';
import type { Holds, Predicates, Rules } from './rules/walk.ts';

/** The value of something that is read, or undefined if it is missing. */
export type LookUp = (reading: Reading) => string | undefined;

/** The response of the first of several hosts that gives one. */
export type FailOver = (
  hosts: readonly HostData[],
  turns: boolean,
  wanted: Wanted,
) => Promise<OriginResponse>;

/** What only some rules need; `src/prefetchrouter/targets/worker/worker_parts.py` says which. */
export interface Optional {
  /** The rules, which decide about requests. */
  rules(data: Data): Rules;
  /** Conditions of rules. */
  predicates(tests: readonly Test[]): Predicates;
  /** Tests of numbers, networks and of two variables. */
  comparison(test: Test): Holds;
  /** A text with its variables filled in; headers of the response are those of `seen`. */
  expand(template: Template, context: Context, seen?: Context, change?: (text: string) => string): string;
  /** What an operator of `%{...}` makes of a text. */
  onText(value: string, operator: string, operands: Placeholder[3][]): string;
  /** Set the URL that rewrites lead to, or why that is refused; return whether anything changed. */
  rewriteUrl(context: Context, early: Merged): boolean;
  findRedirect(context: Context, early: Merged): Redirect | undefined;
  /** What an expression makes of a cache key. */
  replacedKey(rule: { from: Expression; to: Template }, context: Context, query: string): string | undefined;
  keyOptions: KeyOptions;
  /** Remove, set and add headers of a response, as one rule says. */
  changeHeaders(headers: Fields, leaf: Leaf, context: Context, whose: string): void;
  /** Set headers of the request to the origin, as one rule says. */
  changeRequest(headers: Fields, leaf: Leaf, context: Context): void;
  clientCaching(headers: Fields, merged: Merged): void;
  isCompressible(headers: Fields, types: readonly string[]): boolean;
  compressed(
    request: Fields,
    headers: Fields,
    body: Uint8Array,
    types: readonly string[],
  ): Promise<[Fields, Uint8Array]>;
  /** Follow redirects of an origin (E31). */
  follow(
    planner: Planner,
    plan: Plan,
    first: Wanted,
    received: OriginResponse,
    followed: Plan[],
    send: (origin: string | undefined, wanted: Wanted) => Promise<OriginResponse>,
  ): Promise<[OriginResponse, boolean]>;
  /** How long a response is stored for which redirects were followed. */
  afterRedirects(
    planner: Planner,
    found: Policy | string,
    fetched: Fetched,
    stored: StoredResponse,
  ): Policy | string;
  /** The names that a request lists in `x-ec-debug`. */
  debugNames(headers: Fields): string[];
  withDebugHeaders(response: EdgeResponse, wanted: readonly string[], trace: Trace): EdgeResponse;
  withCacheStatus(response: EdgeResponse, trace: Trace, isDetailed: boolean): EdgeResponse;
  /** The plan of the POST or PUT that a link carries, or undefined if it carries none (E29). */
  unwrapped(plan: Plan, planner: Planner): Plan | undefined;
  /** The parts of a cache key for a body and the headers that describe it (E8). */
  bodyKey(headers: Fields, body: Uint8Array): Promise<string[]>;
  readSmall(body: Body, most: number): Promise<{ whole?: Bytes; body: Body }>;
  /** A body that breaks off when it pauses for longer than some seconds. */
  impatient(body: Body, seconds: number): Body;
  /** Failover between the hosts of an origin. */
  failover(now: () => number, send: (host: HostData, wanted: Wanted) => Promise<OriginResponse>): FailOver;
  retried(
    retry: NonNullable<OriginData['retry']>,
    first: OriginResponse,
    now: () => number,
    ask: () => Promise<OriginResponse>,
  ): Promise<OriginResponse>;
  /** What Cloudflare knows of a visitor, as the facts of rules. */
  cloudflareFacts(cf: Record<string, unknown>): Readonly<Record<string, string | undefined>>;
}

/**
 * What the modules in `optional/` set. The build leaves out those that no rule needs, so that a name may be
 * missing here; where the data of a rule leads to it, it is there.
 */
export const optional = {} as Optional;
