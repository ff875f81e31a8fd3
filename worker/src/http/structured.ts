/** Structured fields (RFC 9651), strictly parsed: as much of them as an edge reads. */

const KEY = '[a-z*][a-z0-9_.*-]*';
const STRING = '"(?:[ !#-[\\]-~]|\\\\["\\\\])*"';
const TOKEN = "[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*";
const INTEGER = '-?[0-9]{1,15}(?![0-9.])';
/** An Item without parameters: of all types that a dictionary may hold. */
const BARE =
  `(?:-?[0-9]{1,12}\\.[0-9]{1,3}|${INTEGER}|${STRING}|${TOKEN}|:[A-Za-z0-9+/]*={0,2}:|\\?[01]|@${INTEGER}` +
  '|%"(?:[ !#-$&-~]|%[0-9a-f]{2})*")';
const PARAMETERS = `(?:; *${KEY}(?:=${BARE})?)*`;
const ITEM = BARE + PARAMETERS;
const MEMBER = `(?:${ITEM}|\\( *(?:${ITEM}(?: +${ITEM})* *)?\\)${PARAMETERS})`;
const listOf = (member: string): RegExp =>
  new RegExp(`^ *(?:${member}(?:[ \\t]*,[ \\t]*${member})*[ \\t]*)?$`);
const LIST = listOf(MEMBER);
const DICTIONARY = listOf(`${KEY}(?:=${MEMBER}|${PARAMETERS})`);
const PAIRS = new RegExp(`(${KEY})(?:=(${BARE})${PARAMETERS}|=${MEMBER}|${PARAMETERS})`, 'g');

const isParsed = (form: RegExp, text: string): boolean => text.length <= 65_536 && form.test(text);

/** A value as Cache-Control writes it; those of other types count as an empty one, a Boolean as none. */
function written(value: string): string | null {
  if (value[0] === '"') return `"${value.slice(1, -1).replace(/\\(.)/g, '$1')}"`;
  if (value[0] === '?') return null;
  if (value[0] === '%') return value.slice(1);
  return /^(?:[:@]|-?[0-9]+\.)/.test(value) ? '' : value;
}

/** The members of a Dictionary, with values as Cache-Control writes them, or undefined if it is invalid. */
export function dictionary(text: string): Map<string, string | null> | undefined {
  if (!isParsed(DICTIONARY, text)) return undefined;
  const found = new Map<string, string | null>();
  for (const [whole, name = '', value] of text.matchAll(PAIRS)) {
    const isList = whole[name.length] === '=';
    found.set(name, value === undefined ? (isList ? '' : null) : written(value));
  }
  return found;
}

/** Whether a text is a List that can be parsed; an empty one is one. */
export const isList = (text: string): boolean => isParsed(LIST, text);

/** A String (RFC 9651, section 3.3.3); a character that none can hold becomes a question mark. */
export const quoted = (text: string): string => `"${text.replace(/[^ -~]/g, '?').replace(/["\\]/g, '\\$&')}"`;
