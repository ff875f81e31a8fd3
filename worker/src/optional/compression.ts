import { controlOf } from '../http/cacheControl.ts';
import { acceptedCoding, gzip } from '../http/codings.ts';
import { changed, type Fields, get, members, trim } from '../http/fields.ts';
import { entityTag, opaque } from '../http/validators.ts';
import { optional } from '../optional.ts';

const LEAST_BYTES = 128;
const MOST_BYTES = 3_000_000;

/** Compressed bodies, as long as the originals are stored. */
const packed = new WeakMap<Uint8Array, Promise<Uint8Array>>();

/** Whether the headers of a response allow to send its body with gzip (RFC 9110, sections 7.7 and 8.4). */
function isCompressible(headers: Fields, types: readonly string[]): boolean {
  const own = trim((get(headers, 'content-type') ?? '').split(';')[0] ?? '').toLowerCase();
  return (
    types.some((type) => type.toLowerCase() === own) &&
    /^(?:identity)?$/i.test(trim(get(headers, 'content-encoding') ?? '')) &&
    !headers.has('content-range') &&
    !controlOf(headers).has('no-transform')
  );
}

/** Headers and body for a client: with gzip if it accepts that (E25). */
async function compressed(
  request: Fields,
  headers: Fields,
  body: Uint8Array,
  types: readonly string[],
): Promise<[Fields, Uint8Array]> {
  if (body.length < LEAST_BYTES || body.length > MOST_BYTES || !isCompressible(headers, types))
    return [headers, body];
  const named = members((get(headers, 'vary') ?? '').toLowerCase());
  const names = named.includes('accept-encoding') || named.includes('*') ? [] : ['Accept-Encoding'];
  const vary = [...(headers.get('vary') ?? []), ...names].join(', ');
  const varied = names.length ? changed(headers, { vary }) : headers;
  if (!acceptedCoding(request, ['gzip'])) return [varied, body];
  let made = packed.get(body);
  if (!made) {
    made = gzip(body);
    packed.set(body, made);
  }
  const smaller = await made;
  if (smaller.length >= body.length) return [varied, body];
  const tag = entityTag(headers);
  const removed = {
    'content-digest': null,
    'content-md5': null,
    'accept-ranges': null,
    'content-length': null,
  };
  return [
    changed(varied, {
      ...removed,
      'content-encoding': 'gzip',
      etag: tag === undefined ? null : `W/${opaque(tag)}`,
    }),
    smaller,
  ];
}

optional.isCompressible = isCompressible;
optional.compressed = compressed;
