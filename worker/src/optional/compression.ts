import { controlOf } from '../http/cacheControl.ts';
import { changed, type Fields, get, members, trim } from '../http/fields.ts';
import { entityTag, opaque } from '../http/validators.ts';
import { optional } from '../optional.ts';

const LEAST_BYTES = 128;
const MOST_BYTES = 3_000_000;

/** Compressed bodies, as long as the originals are stored. */
const packed = new WeakMap<Uint8Array, Promise<Uint8Array>>();

async function gzip(body: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([body as BlobPart]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

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

/** Whether a client accepts gzip, and does not prefer the uncompressed body (RFC 9110, section 12.5.3). */
export function acceptsGzip(request: Fields): boolean {
  const weights = new Map<string, number>();
  for (const member of members(get(request, 'accept-encoding') ?? '')) {
    const [coding = '', ...rest] = member.split(';');
    const found = /^[ \t]*q[ \t]*=[ \t]*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*$/i.exec(rest.join(';'));
    const name = trim(coding).toLowerCase();
    if (!weights.has(name)) weights.set(name, trim(rest.join(';')) ? Number(found?.[1] ?? 0) : 1);
  }
  const own = weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0;
  return own > 0 && own >= (weights.get('identity') ?? 0);
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
  if (!acceptsGzip(request)) return [varied, body];
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
