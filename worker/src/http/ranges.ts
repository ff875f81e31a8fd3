import { httpDate } from './dates.ts';
import { changed, type Fields, get, members, trim } from './fields.ts';
import { entityTag } from './validators.ts';

/** With more ranges than this a request gets the whole body. */
const MOST_RANGES = 16;

/** The bytes from the first up to, but not including, the last. */
type Range = readonly [start: number, end: number];

export interface Part {
  readonly status: number;
  readonly headers: Fields;
  readonly body: Uint8Array;
}

function ifRangeMatches(request: Fields, headers: Fields): boolean {
  const texts = request.get('if-range');
  if (!texts) return true;
  const text = trim(texts[0] ?? '');
  if (texts.length > 1) return false;
  if (/^"[^"\0-\x20\x7f]*"$/.test(text)) return text === entityTag(headers);
  const given = httpDate(text);
  const date = httpDate(trim(get(headers, 'date') ?? ''));
  const modified = httpDate(trim(get(headers, 'last-modified') ?? ''));
  return given !== undefined && given === modified && date !== undefined && date - given >= 1;
}

/** The satisfiable ranges in the order of the request; undefined for an invalid Range. */
function satisfiable(text: string, size: number): Range[] | undefined {
  const unit = /^[ \t]*bytes[ \t]*=([\s\S]*)$/i.exec(text);
  const specifiers = members(unit?.[1] ?? '');
  if (!specifiers.length) return undefined;
  const ranges: Range[] = [];
  for (const specifier of specifiers) {
    const found = /^([0-9]*)[ \t]*-[ \t]*([0-9]*)$/.exec(specifier);
    if (!found || !(found[1] || found[2])) return undefined;
    const last = found[2] ? Number(found[2]) : undefined;
    let range: Range;
    if (!found[1]) {
      if (last && !size) return undefined;
      range = [Math.max(0, size - (last ?? 0)), size];
    } else {
      const first = Number(found[1]);
      if (last !== undefined && last < first) return undefined;
      range = [first, last === undefined ? size : Math.min(last + 1, size)];
    }
    if (range[0] < range[1]) ranges.push(range);
  }
  return ranges;
}

const overlap = (ranges: Range[]): boolean =>
  ranges
    .toSorted((one, other) => one[0] - other[0])
    .some(([start], at, all) => at > 0 && start < (all[at - 1]?.[1] ?? 0));

/** The 206 or 416 for a range request, or undefined if the whole response is to be sent (RFC 9110, 14). */
export function rangeResponse(
  method: string,
  request: Fields,
  headers: Fields,
  body: Uint8Array,
  ignoresUnsatisfiable: boolean,
): Part | undefined {
  const texts = request.get('range');
  if (texts?.length !== 1 || method !== 'GET' || !ifRangeMatches(request, headers)) return undefined;
  const ranges = satisfiable(texts[0] ?? '', body.length);
  if (!ranges) return undefined;
  if (!ranges.length) {
    if (ignoresUnsatisfiable) return undefined;
    const fields = { 'content-range': `bytes */${body.length}`, 'cache-control': 'no-store' };
    return { status: 416, headers: changed(new Map(), fields), body: new Uint8Array() };
  }
  if (ranges.length > MOST_RANGES || overlap(ranges)) return undefined;
  const contentRange = ([start, end]: Range) => `bytes ${start}-${end - 1}/${body.length}`;
  const [only] = ranges;
  if (ranges.length === 1 && only)
    return {
      status: 206,
      headers: changed(headers, { 'content-range': contentRange(only) }),
      body: body.subarray(...only),
    };
  return multiple(headers, body, ranges, contentRange);
}

/** A multipart/byteranges response (RFC 9110, section 14.6). */
function multiple(
  headers: Fields,
  body: Uint8Array,
  ranges: Range[],
  contentRange: (range: Range) => string,
): Part {
  const decode = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const texts = ranges.map((range) => decode(body.subarray(...range)));
  let boundary = '';
  for (let number = 0; !number || texts.some((text) => text.includes(boundary)); number++)
    boundary = `part-${body.length}-${ranges.flat().join('-')}-${number}`;
  const kind = get(headers, 'content-type');
  const lines = kind ? `content-type: ${kind}\r\n` : '';
  const whole = ranges.map(
    (range, at) => `--${boundary}\r\n${lines}content-range: ${contentRange(range)}\r\n\r\n${texts[at]}\r\n`,
  );
  const framed = Uint8Array.from(`${whole.join('')}--${boundary}--\r\n`, (letter) => letter.charCodeAt(0));
  const fields = { 'content-type': `multipart/byteranges; boundary=${boundary}`, 'content-range': null };
  return { status: 206, headers: changed(headers, fields), body: framed };
}
