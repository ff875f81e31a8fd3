import { fieldsOf } from '../http/fields.ts';
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

/** The response that rules make, or undefined if they leave it to cache and origin (E28). */
export function syntheticResponse({ refusal, made }: Decision): EdgeResponse | undefined {
  if (refusal !== undefined) return plain(400, refusal);
  return made && { ...made, body: bytes(made.body) };
}
