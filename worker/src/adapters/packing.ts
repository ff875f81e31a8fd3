import type { Edge } from '../edge/edge.ts';
import type { Bytes } from '../edge/types.ts';
import { acceptedCoding } from '../http/codings.ts';
import { changed } from '../http/fields.ts';
import type { Data } from '../rules/data.ts';

/** Shorter texts would not get smaller. */
const LEAST_LENGTH = 128;

/** What compresses a body, by the names of content codings; the better ones first. */
export type Packers = Readonly<Record<string, (body: Bytes) => Promise<Bytes>>>;

/** An edge that sends the browser's files compressed, as clients accept it: on platforms that compress nothing. */
export function withPackedFiles(
  edge: Pick<Edge, 'handle'>,
  { files }: Pick<Data, 'files'>,
  packers: Packers,
): Pick<Edge, 'handle'> {
  const packed = new Map<string, Promise<Bytes>>();
  return {
    async handle(raw, keep) {
      const response = await edge.handle(raw, keep);
      const { status, body } = response;
      const path = raw.target.split('?', 1)[0] ?? '';
      const file = Object.hasOwn(files, path) ? files[path] : undefined;
      if (!file || file.text.length < LEAST_LENGTH || (status !== 200 && status !== 304)) return response;
      const headers = changed(response.headers, { vary: 'Accept-Encoding' });
      const coding = acceptedCoding(raw.headers, Object.keys(packers));
      const pack = packers[coding ?? ''];
      if (coding === undefined || !pack) return { ...response, headers };
      headers.set('etag', [`W/${file.tag}`]);
      if (!(body instanceof Uint8Array)) return { ...response, headers };
      headers.set('content-encoding', [coding]);
      const key = `${coding} ${path}`;
      const smaller = packed.get(key) ?? pack(body);
      packed.set(key, smaller);
      return { ...response, headers, body: await smaller, isPacked: true };
    },
  };
}
