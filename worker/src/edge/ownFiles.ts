import { fieldsOf, get } from '../http/fields.ts';
import type { EdgeRequest } from '../rules/context.ts';
import type { Data } from '../rules/data.ts';
import { bytes } from './synthetic.ts';
import type { EdgeResponse } from './types.ts';

const FOLDER = '/__edgio__/prefetch/';
const INSTALL = `${FOLDER}install.js`;

const text = (status: number, line: string, ...headers: [string, string][]): EdgeResponse => ({
  status,
  headers: fieldsOf([
    ['cache-control', 'no-store'],
    ['content-type', 'text/plain; charset=utf-8'],
    ...headers,
  ]),
  body: bytes(line),
});

/** The response to a request for a file of the browser part or the manifest; undefined for other paths. */
export function ownFile(data: Data, { path, method, headers }: EdgeRequest): EdgeResponse | undefined {
  const file = Object.hasOwn(data.files, path) ? data.files[path] : undefined;
  if (!file) {
    if (!path.startsWith(FOLDER)) return undefined;
    const name = /^v[^/]*\/(.+)$/.exec(path.slice(FOLDER.length))?.[1];
    const ours = `${FOLDER}v${data.version}/${name}`;
    return name === undefined
      ? text(404, `There is no such file. Pages load ${INSTALL}\n`)
      : text(404, `This edge serves version ${data.version} of the browser part: ${ours}\n`);
  }
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'Only GET and HEAD.\n', ['allow', 'GET, HEAD']);
  const sent: [string, string][] = [
    ['cache-control', file.cache],
    ['etag', file.tag],
  ];
  const known = get(headers, 'if-none-match') ?? '';
  if (known.trim() === '*' || known.match(/"[^"]*"/g)?.some((tag) => tag === file.tag))
    return { status: 304, headers: fieldsOf(sent), body: null };
  sent.push(['content-type', file.type], ['x-content-type-options', 'nosniff']);
  if (file.search) sent.push(['no-vary-search', file.search]);
  return { status: 200, headers: fieldsOf(sent), body: bytes(file.text) };
}
