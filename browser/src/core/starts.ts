/**
 * Starts of paths, by which rules are found: whole segments in lower case, as in `/shop`, after at most one
 * segment that can be anything, as in `/:/shop`. The empty text is the start of every path.
 */
const PATTERN_START = /^(\/:\w+(?=\/))?((?:\/[\w.~%-]+(?=\/|$))*)/;
const EXPRESSION_START = /^(?:\(\?i\))?\^((?:\/[\w%-]+)*)(?=\/(?![?*{])|\$)/;

/** The common prefix of all paths that match a pattern. */
export function patternStart(pattern: string): string {
  const found = PATTERN_START.exec(pattern);
  const literal = found?.[2]?.toLowerCase();
  return literal ? (found?.[1] ? '/:' : '') + literal : '';
}

/** The start of all paths that match an expression; only for one without alternatives outside of groups. */
export function expressionStart(source: string): string {
  const outside = source.replace(/\\.|\[[^\]]*\]|\([^()]*\)/g, '');
  const literal = EXPRESSION_START.exec(source)?.[1] ?? '';
  return outside.includes('|') ? '' : literal.toLowerCase();
}

/** Calls back with each start that a path has. */
export function eachStart(path: string, callback: (start: string) => void): void {
  const whole = path.toLowerCase();
  const second = whole.indexOf('/', 1);
  callback('');
  for (let end = second; end > 0; end = whole.indexOf('/', end + 1)) {
    callback(whole.slice(0, end));
    if (end > second) callback(`/:${whole.slice(second, end)}`);
  }
  callback(whole);
  if (second > 0) callback(`/:${whole.slice(second)}`);
}
