import { changed, type Fields, fieldsOf } from '../http/fields.ts';
import type { Decision } from '../rules/decision.ts';
import type { Bytes, EdgeResponse, Plan } from './types.ts';

const encoder = new TextEncoder();
export const bytes = (text: string): Bytes => encoder.encode(text);
export const NOTHING: Bytes = new Uint8Array();

/** A response of one line of text that no cache stores. */
export const plain = (status: number, text: string): EdgeResponse => ({
  status,
  headers: fieldsOf([
    ['content-type', 'text/plain; charset=utf-8'],
    ['cache-control', 'no-store'],
  ]),
  body: bytes(`${text}\n`),
});

/** The refusal of a prefetch: 412 for this project's scripts, 503 for other clients (E6, E32). */
export const refusedPrefetch = (plan: Plan): EdgeResponse => ({
  status: plan.isForeign ? 503 : 412,
  headers: fieldsOf([['cache-control', 'no-store']]),
  body: NOTHING,
});

/** The status that rules set; the default if they set none, or an interim one by a variable. */
export const finalStatus = (ruled: number | undefined, byDefault: number): number =>
  ruled !== undefined && ruled >= 200 ? ruled : byDefault;

/** The headers for a status: a 412 means a refused prefetch, which no client may store (E7). */
export const headersFor = (status: number, headers: Fields): Fields =>
  status === 412 ? changed(headers, { 'x-sw-cache-control': null }) : headers;

/** The response that rules make, or undefined if they leave it to cache and origin (E28). */
export function syntheticResponse(decision: Decision): EdgeResponse | undefined {
  if (decision.refusal !== undefined) return plain(400, decision.refusal);
  if (decision.denied) {
    const headers = changed(decision.headers(), { 'content-type': 'text/plain', 'x-sw-cache-control': null });
    return { status: 403, headers, body: bytes('Forbidden\n') };
  }
  const { redirect } = decision;
  if (redirect) return { status: redirect.status, headers: decision.headers(), body: NOTHING };
  if (!decision.isDone) return undefined;
  const status = finalStatus(decision.status, 200);
  return { status, headers: headersFor(status, decision.headers()), body: bytes(decision.body ?? '') };
}
