/**
 * Path patterns of the `==` and `!=` operators: `/team/:id`, `/docs/:rest*`, `/v:n(\d+)`, `{/:lang}?`.
 *
 * The syntax is that of path-to-regexp 6. One expression tokenizes a pattern, which keeps
 * the install script small; groups may hold groups, which may hold no more of them.
 */
const TEXT = String.raw`((?:\\.|[^\\:({}*+?])*)`;
const VALUE = String.raw`(:\w+)?(?:\((?!\?)((?:\\.|[^\\()]|\(\?(?:\\.|[^\\()])*\))+)\))?`;
const MODIFIER = '([*+?]?)';
const PIECE = new RegExp(
  String.raw`\{${TEXT}${VALUE}${TEXT}\}${MODIFIER}|([./]?)(?=[:(])${VALUE}${MODIFIER}|\\.|.`,
  'gs',
);

const quote = (text: string): string => text.replace(/[^\w/%-]/g, '\\$&');
const unquote = (text: string): string => text.replace(/\\(.)/gs, '$1');

/** The expression that matches a whole path, ignoring case and one trailing slash. */
export function patternRegExp(pattern: string): RegExp {
  /** Text right before the current piece; undefined right after a value. */
  let before: string | undefined = '';
  let source = '';

  const value = (prefix: string, name: string | undefined, group: string | undefined): string | undefined => {
    if (group || !name) return group;
    const text = prefix || before;
    if (text === undefined) throw new Error(`no text between two values in ${pattern}`);
    return !text || /[/#?]/.test(text) ? '[^/#?]+?' : `(?:(?!${quote(text)})[^/#?])+?`;
  };

  for (const piece of pattern.matchAll(PIECE)) {
    const [all, open, braceName, braceGroup, close, braceModifier, dot, name, group, modifier] = piece;
    if (open === undefined && dot === undefined) {
      if (/^[{}*+?]/.test(all)) throw new Error(`unexpected ${all} in ${pattern}`);
      before = (before ?? '') + all.slice(-1);
      source += quote(all.slice(-1));
      continue;
    }
    if (!all || (dot !== undefined && !name && !group)) throw new Error(`a value is missing in ${pattern}`);
    const start = unquote(open ?? dot ?? '');
    const [prefix, suffix] = [quote(start), quote(unquote(close ?? ''))];
    const repeat = braceModifier ?? modifier ?? '';
    const expression = value(start, braceName ?? name, braceGroup ?? group);
    before = undefined;
    if (!expression) source += `(?:${prefix}${suffix})${repeat}`;
    else if (/[*+]/.test(repeat)) {
      if (!prefix && !suffix) throw new Error(`nothing between repeated values in ${pattern}`);
      const more = `(?:${suffix}${prefix}(?:${expression}))*`;
      source += `(?:${prefix}((?:${expression})${more})${suffix})${repeat === '*' ? '?' : ''}`;
    } else source += `(?:${prefix}(${expression})${suffix})${repeat}`;
  }
  return new RegExp(`^${source}[/#?]?$`, 'i');
}
