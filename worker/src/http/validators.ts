import { httpDate } from './dates.ts';
import { changed, endToEnd, type Fields, get, trim } from './fields.ts';

/** The ETag of a response, undefined without one; of several the first counts. */
export const entityTag = (fields: Fields): string | undefined =>
  trim(fields.get('etag')?.[0] ?? '') || undefined;

/** An entity tag without its mark of weakness (RFC 9110, section 8.8.3.2). */
export const opaque = (tag: string): string => tag.replace(/^W\//, '');

const isListed = (text: string, tag: string | undefined): boolean =>
  trim(text) === '*' ||
  (tag !== undefined &&
    (text.match(/(?:W\/)?"[^"]*"|[^\s,]+/g) ?? []).some((listed) => opaque(listed) === opaque(tag)));

/** Whether a GET or HEAD is answered with 304 (RFC 9110, sections 13.1.2 and 13.1.3). */
export function isNotModified(request: Fields, status: number, headers: Fields): boolean {
  const tags = get(request, 'if-none-match');
  if (status !== 200) return false;
  if (tags !== undefined) return isListed(tags, entityTag(headers));
  const since = request.get('if-modified-since');
  const limit = since?.length === 1 ? httpDate(trim(since[0] ?? '')) : undefined;
  const modified = httpDate(trim(get(headers, 'last-modified') ?? get(headers, 'date') ?? ''));
  return limit !== undefined && modified !== undefined && modified <= limit;
}

const KEPT_IN_304 = 'age cache-control cdn-cache-control content-location date etag expires vary'.split(' ');

/** The headers of a stored response that a 304 repeats, with those that the edge wrote itself. */
export function headersOf304(headers: Fields, own: Iterable<string>): Fields {
  const names = [...KEPT_IN_304, ...(headers.has('etag') ? [] : ['last-modified']), ...own];
  return new Map(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? []]] : [])));
}

/** The headers that revalidate a stored response; none without a validator (RFC 9111, section 4.3.1). */
export function conditionalHeaders(headers: Fields): Fields {
  const conditions: Fields = new Map();
  const tag = entityTag(headers);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (tag !== undefined && !/[\0-\x08\n-\x1f\x7f]/.test(tag)) conditions.set('if-none-match', [tag]);
  const modified = trim(get(headers, 'last-modified') ?? '');
  if (httpDate(modified) !== undefined) conditions.set('if-modified-since', [modified]);
  return conditions;
}

/** Whether no validator of a 304 contradicts those of the stored response (RFC 9111, section 4.3.4). */
export function isAbout(stored: Fields, headers: Fields): boolean {
  const ours = entityTag(stored);
  const theirs = entityTag(headers);
  if (ours !== undefined && theirs !== undefined) return opaque(ours) === opaque(theirs);
  const before = get(stored, 'last-modified');
  const now = get(headers, 'last-modified');
  if (before === undefined || now === undefined || before === now) return true;
  return httpDate(before) !== undefined && httpDate(before) === httpDate(now);
}

const NOT_UPDATED = new Set(['content-encoding', 'content-length', 'content-md5', 'content-range', 'etag']);

/** The headers of a stored response after a 304 about it (RFC 9111, sections 3.2 and 4.3.4). */
export function freshened(stored: Fields, headers: Fields): Fields {
  const fields = changed(stored, { age: null, date: null });
  for (const [name, values] of endToEnd(headers))
    if (!NOT_UPDATED.has(name) || (name === 'etag' && !fields.has(name))) fields.set(name, values);
  return fields;
}
