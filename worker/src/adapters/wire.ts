import type { Fields } from '../http/fields.ts';

const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A value without control characters; what Latin-1 cannot hold is written as the bytes of UTF-8. */
function wireValue(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed
  const text = value.replace(/[\0-\x08\n-\x1f\x7f]/g, '').trim();
  return /[^\0-\xff]/.test(text)
    ? Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
    : text;
}

/** Headers as they may be sent: without those that frame the message, and without invalid names and values. */
export function wireHeaders(headers: Fields): [string, string][] {
  const pairs: [string, string][] = [];
  for (const [name, values] of headers)
    if (!OF_THE_CONNECTION.has(name) && /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
      for (const value of values) pairs.push([name, wireValue(value)]);
  return pairs;
}

/** The length of a body that its headers declare; undefined unless there is exactly one number. */
export const declaredLength = (headers: Fields): number | undefined => {
  const lengths = headers.get('content-length') ?? [];
  return lengths.length === 1 && /^[0-9]{1,18}$/.test(lengths[0] ?? '') ? Number(lengths[0]) : undefined;
};
