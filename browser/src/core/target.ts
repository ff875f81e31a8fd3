/** The parts of a URL that rules ask about, cut out of its text: links are many and URL objects are slow. */
export interface Target {
  href: string;
  /** Path, percent-encoded. */
  path: string;
  /** Text after the question mark. */
  query: string;
}

/** Takes apart an absolute HTTP URL as browsers write it; a fragment is left out. */
export function targetOf(address: string): Target {
  const fragment = address.indexOf('#');
  const href = fragment < 0 ? address : address.slice(0, fragment);
  const start = href.indexOf('/', href.indexOf('://') + 3);
  const end = href.indexOf('?', start);
  if (end < 0) return { href, path: href.slice(start), query: '' };
  return { href, path: href.slice(start, end), query: href.slice(end + 1) };
}
