import type { Expression } from './data.ts';

const compiled = new Map<string, RegExp>();

/** An expression, compiled once. */
export function expression([source, flags]: Expression | readonly string[], more = ''): RegExp {
  const key = `${flags}${more}/${source}`;
  let found = compiled.get(key);
  if (!found) {
    found = new RegExp(source ?? '', `${flags}${more}`);
    compiled.set(key, found);
  }
  found.lastIndex = 0;
  return found;
}
