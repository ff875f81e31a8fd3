import { MOST_SECONDS } from '../http/cacheControl.ts';
import { changed, type Fields } from '../http/fields.ts';
import { rangeResponse } from '../http/ranges.ts';
import { headersOf304, isNotModified } from '../http/validators.ts';
import { optional } from '../optional.ts';
import type { Decision } from '../rules/decision.ts';
import type { Planner } from './planner.ts';
import { bytes } from './synthetic.ts';
import type { Body, Bytes, EdgeResponse, Plan, StoredResponse } from './types.ts';

/** A response as rules show it to clients, before ranges, conditions and compression. */
export interface View {
  readonly status: number;
  readonly headers: Fields;
  /** The body that rules set in place of the origin's. */
  readonly body?: Bytes;
  readonly decision: Decision;
  readonly sendsAge: boolean;
}

/** A response as clients see it; the headers are those after the rules on an origin's headers. */
export function viewOf(decision: Decision, status: number, stored: Fields): View {
  const { body, ...shown } = decision.shown(status, stored);
  return { ...shown, decision, ...(body !== undefined && { body: bytes(body) }) };
}

/** A stored response as a client sees it. */
export const viewOfStored = (planner: Planner, plan: Plan, { original, headers }: StoredResponse): View =>
  viewOf(planner.withResponse(plan, original), original.status, headers);

/** The headers for an age in seconds (RFC 9111, section 5.1). */
const headersAt = ({ headers, sendsAge }: View, age: number): Fields =>
  changed(headers, { age: sendsAge ? String(Math.floor(Math.min(Math.max(0, age), MOST_SECONDS))) : null });

/** The names of the headers that rules set; a 304 has them too. */
const ruledHeaders = ({ merged }: Decision): string[] =>
  ['set_response_headers', 'add_response_headers']
    .flatMap((feature) => merged.names(`headers.${feature}`))
    .map((name) => name.replace(/^\+/, '').toLowerCase())
    .concat('x-sw-cache-control');

const typesOf = ({ decision }: View): readonly string[] =>
  decision.merged.get<string[]>('response.compress_content_types') ?? [];

const isCompressible = (view: View): boolean => {
  const types = typesOf(view);
  return types.length > 0 && optional.isCompressible(view.headers, types);
};

/** Whether a response can only be made once the body is complete: for a range, or compression. */
export const needsWholeBody = (plan: Plan, view: View): boolean =>
  !view.body && (plan.request.headers.has('range') || isCompressible(view));

/** Whether a client has this response already; only GET and HEAD have such conditions. */
const isKnown = ({ request }: Plan, status: number, headers: Fields): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') && isNotModified(request.headers, status, headers);

const notModified = (view: View, headers: Fields): EdgeResponse => ({
  status: 304,
  headers: headersOf304(headers, ruledHeaders(view.decision)),
  body: null,
});

/** The part and the encoding of a stored response that a client requests (E24, E25). */
export async function selected(
  plan: Plan,
  stored: StoredResponse,
  view: View,
  age: number,
): Promise<EdgeResponse> {
  const { request } = plan;
  const { status } = view;
  let headers = headersAt(view, age);
  let body = stored.body;
  if (view.body) return { status, headers, body: view.body };
  const types = typesOf(view);
  if (types.length) [headers, body] = await optional.compressed(request.headers, headers, body, types);
  if (status === stored.original.status) {
    if (isKnown(plan, status, headers)) return notModified(view, headers);
    const ignores = view.decision.merged.is('caching.ignore_unsatisfiable_ranges');
    const part =
      status === 200 ? rangeResponse(request.method, request.headers, headers, body, ignores) : undefined;
    if (part) return { ...part, isPacked: body !== stored.body };
  }
  return { status, headers, body, isPacked: body !== stored.body };
}

/** A response whose body may still be arriving; the caller closes it if the response has another one. */
export function asItArrives(plan: Plan, view: View, status: number, body: Body, age?: number): EdgeResponse {
  const headers = age === undefined ? view.headers : headersAt(view, age);
  if (view.body) return { status: view.status, headers, body: view.body };
  if (view.status === status && isKnown(plan, status, headers)) return notModified(view, headers);
  return { status: view.status, headers, body };
}
