import { type Fields, get, members, trim } from './fields.ts';

/**
 * The coding that a client likes best; of equal ones the first that is given. Undefined if it accepts none of them, or
 * prefers the uncompressed body (RFC 9110, section 12.5.3).
 */
export function acceptedCoding(request: Fields, codings: readonly string[]): string | undefined {
  const weights = new Map<string, number>();
  for (const member of members(get(request, 'accept-encoding') ?? '')) {
    const [coding = '', ...rest] = member.split(';');
    const found = /^[ \t]*q[ \t]*=[ \t]*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*$/i.exec(rest.join(';'));
    const name = trim(coding).toLowerCase();
    if (!weights.has(name)) weights.set(name, trim(rest.join(';')) ? Number(found?.[1] ?? 0) : 1);
  }
  const weight = (coding: string): number =>
    weights.get(coding) ?? weights.get(`x-${coding}`) ?? weights.get('*') ?? 0;
  const most = Math.max(...codings.map(weight));
  if (!most || most < (weights.get('identity') ?? 0)) return undefined;
  return codings.find((coding) => weight(coding) === most);
}

/** A body, compressed by what all platforms have. */
export async function gzip(body: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([body as BlobPart]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
