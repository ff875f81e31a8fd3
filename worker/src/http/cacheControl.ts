import { type Fields, get } from './fields.ts';
import { dictionary } from './structured.ts';

/** What a larger number of seconds counts as (RFC 9111, section 1.2.2). */
export const MOST_SECONDS = 2 ** 31;

/** The directives of a header: the first value of each name, null without one. */
export type Directives = Map<string, string | null>;

const MEMBER = /(?:"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|[^",])+/g;

/** The directives of Cache-Control as it comes, garbage included; commas in quotes separate nothing. */
export function directives(text: string): Directives {
  const found: Directives = new Map();
  for (const [part] of text.matchAll(MEMBER)) {
    const member = part.trim();
    if (!member) continue;
    const at = member.indexOf('=');
    const name = (at < 0 ? member : member.slice(0, at)).toLowerCase();
    if (!found.has(name)) found.set(name, at < 0 ? null : member.slice(at + 1));
  }
  return found;
}

/** A plain number of seconds, undefined for any other text. */
export const deltaSeconds = (text: string): number | undefined =>
  /^[0-9]+$/.test(text) ? Math.min(Number(text), MOST_SECONDS) : undefined;

/** The seconds of a directive, undefined without it; what is not a plain number counts as 0. */
export function seconds(control: Directives, name: string): number | undefined {
  const value = control.get(name);
  return value === undefined ? undefined : (deltaSeconds(value ?? '') ?? 0);
}

/** The directives of `Cache-Control`, or of any field like it. */
export const controlOf = (fields: Fields, name = 'cache-control'): Directives =>
  directives(get(fields, name) ?? '');

/** The directives of `CDN-Cache-Control`, or undefined if it is missing, empty or invalid (RFC 9213). */
export function targeted(fields: Fields): Directives | undefined {
  const text = get(fields, 'cdn-cache-control');
  const found = text === undefined ? undefined : dictionary(text);
  return found?.size ? found : undefined;
}
