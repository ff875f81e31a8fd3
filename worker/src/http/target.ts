/** The target of a request in the one form that rules, cache keys and origins share (`docs/urls.md`). */
export interface Target {
  readonly path: string;
  readonly query: string;
}

const CANONICAL_PATH = /^(?:\/[A-Za-z0-9_~!$&'()*+,;=:@-][A-Za-z0-9._~!$&'()*+,;=:@-]*)*\/?$/;
const CANONICAL_QUERY = /^[A-Za-z0-9._~!$&'()*+,;=:@/?-]*$/;
const DOT_SEGMENT = /(?:^|\/|%2F|%5C)\.\.?(?=$|\/|%2F|%5C|;|%3B)/;
const SEEN_IN_PATHS = /%(?:2[146-9ABC]|3[ABD]|40|5[BDE]|7[BCD])/g;
const SEEN_IN_QUERIES = /%(?:5[BDE]|7[BCD])/g;

const hex = (text: string): string => String.fromCharCode(Number.parseInt(text.slice(1, 3), 16));
const escaped = (text: string): string =>
  `%${text.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** An escape as canonical text has it: unreserved characters as such, all else in upper case. */
export const unreserved = (text: string): string =>
  text.replace(/%[0-9A-Fa-f]{2}/g, (found) =>
    /[A-Za-z0-9._~-]/.test(hex(found)) ? hex(found) : found.toUpperCase(),
  );

const canonical = (text: string): string => unreserved(text).replace(/["<>[\]^`{|}]/g, escaped);

function rawFault(path: string, query: string): string | undefined {
  const whole = `${path}?${query}`;
  if (path[0] !== '/' || whole.includes('#') || path.includes('?')) return 'the target is not a path';
  if (/[^\0-\x7f]/.test(whole)) return 'the target holds a character outside ASCII';
  if (/[\0- \x7f]/.test(whole)) return 'the target holds a control character or a space';
  if (whole.includes('\\')) return 'the target holds a backslash';
  const broken = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(whole);
  return broken ? `"${broken[0]}" is not a percent-escape` : undefined;
}

/** Path and query in canonical form, or in a sentence why no request has them. */
export function canonicalTarget(path: string, query: string): Target | string {
  if (path && CANONICAL_PATH.test(path) && CANONICAL_QUERY.test(query)) return { path, query };
  const fault = rawFault(path, query);
  if (fault) return fault;
  const own = { path: canonical(path), query: canonical(query) };
  if (/%(?:[01][0-9A-F]|7F)/.test(own.path)) return 'the path holds a control character';
  if (/%(?:0[0-8BCEF]|1[0-9A-F]|7F)/.test(own.query)) return 'the query holds a control character';
  const overlong = /%C[01]%[89AB]|%E0%[89]|%F0%8/.exec(own.path);
  if (overlong) return `${overlong[0]} in the path begins an overlong character`;
  return DOT_SEGMENT.test(own.path) ? 'the path holds a dot segment' : own;
}

/** Why a path with an encoded slash is refused, or undefined if it has none. */
export function encodedSlash(path: string): string | undefined {
  const found = path.includes('%') ? /%2F|%5C/.exec(path)?.[0] : undefined;
  return found && `the path holds an encoded ${found === '%2F' ? 'slash' : 'backslash'}, ${found}`;
}

/** Text with spaces and characters outside ASCII percent-encoded, as browsers write them. */
export const asBrowsersWrite = (text: string): string =>
  text.replace(/[ \u{80}-\u{10ffff}]+/gu, (found) => encodeURIComponent(found.toWellFormed()));

/** A path with one slash for each run of slashes. */
export const merged = (path: string): string => (path.includes('//') ? path.replace(/\/\/+/g, '/') : path);

/** A path in canonical form as conditions see it. */
export const pathForRules = (path: string): string =>
  path.includes('%') ? merged(path).replace(SEEN_IN_PATHS, hex) : merged(path);

/** A query in canonical form as conditions on the whole query see it. */
export const queryForRules = (query: string): string => query.replace(SEEN_IN_QUERIES, hex);

/** A path without what follows a semicolon in each segment, as Java servers read it. */
export const withoutParameters = (path: string): string => merged(path.replace(/;[^/]*/g, ''));

/** Path and query in one. */
export const withQuery = (path: string, query: string): string => (query ? `${path}?${query}` : path);

/** Text decoded as forms are; invalid UTF-8 becomes U+FFFD. */
export function unquotePlus(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const bytes: number[] = [];
  for (const [part] of text.replaceAll('+', ' ').matchAll(/%[0-9A-Fa-f]{2}|[\s\S]/gu)) {
    if (part.length === 3) bytes.push(Number.parseInt(part.slice(1), 16));
    else bytes.push(...new TextEncoder().encode(part));
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes));
}

/** The name of a query parameter as origins read it. */
export const parameterName = (part: string): string => unquotePlus(part.split('=', 1)[0] ?? '');

/** The value of a query parameter, still encoded. */
export const parameterValue = (part: string): string => part.slice(part.split('=', 1)[0]?.length).slice(1);

/** A query without the parameters of prefetching clients, and these. */
export function splitClientParameters(query: string): [others: string, own: string] {
  if (!query.includes('edgio_') && !query.includes('%')) return [query, ''];
  const own: string[] = [];
  const others = query.split('&').filter((part) => {
    const isOwn = parameterName(part).startsWith('edgio_');
    if (isOwn) own.push(part);
    return !isOwn;
  });
  return [others.join('&'), own.join('&')];
}

const USUAL_PORT: Record<string, string> = { http: ':80', https: ':443' };

/** A host without the usual port of its scheme. */
export const withoutUsualPort = (host: string, scheme: string): string => {
  const port = USUAL_PORT[scheme] ?? ':';
  return host.endsWith(port) ? host.slice(0, -port.length) : host;
};
