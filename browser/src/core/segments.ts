/** Segments of a path in lower case; null stands for any one segment that is not empty. */
export type Segments = readonly (string | null)[];

const PATTERN_START = /^(?:\/(?::\w+|[\w.~%-]+)(?=\/|$))*/;
const EXPRESSION_START = /^(?:\(\?i\))?\^((?:\/[\w%-]+)*)(?=\/(?![?*{])|\$)/;

let last = { path: '', segments: [] as readonly string[] };

/** Segments of a path, in lower case. The rules ask for those of the same path one after the other. */
export function segmentsOf(path: string): readonly string[] {
  if (path !== last.path) last = { path, segments: path.toLowerCase().split('/').slice(1) };
  return last.segments;
}

/** The whole segments that a path pattern starts with, and whether there is nothing else in it. */
export function patternStart(pattern: string): { start: Segments; plain: boolean } {
  const text = PATTERN_START.exec(pattern)?.[0] ?? '';
  const start = segmentsOf(text).map((segment) => (segment[0] === ':' ? null : segment));
  return { start, plain: text === pattern && text !== '' };
}

/** The whole segments that any path must start with to match an expression without alternatives. */
export function expressionStart(source: string): Segments {
  const outside = source.replace(/\\.|\[[^\]]*\]|\([^()]*\)/g, '');
  return outside.includes('|') ? [] : segmentsOf(EXPRESSION_START.exec(source)?.[1] ?? '');
}

/** Whether a path has just these segments, or a slash more. Cheaper than a new regular expression. */
export function fits(segments: Segments, path: string): boolean {
  const actual = segmentsOf(path);
  const { length } = segments;
  if (actual.length !== length && (actual.length !== length + 1 || actual[length])) return false;
  return segments.every((segment, at) => (segment === null ? actual[at] : segment === actual[at]));
}
