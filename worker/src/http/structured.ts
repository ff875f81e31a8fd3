/** Structured fields (RFC 9651), strictly parsed: as much of them as an edge reads. */

const KEY = /[a-z*][a-z0-9_.*-]*/y;
const ITEMS: [RegExp, (text: string) => string | null][] = [
  [/-?[0-9]{1,12}\.[0-9]{1,3}/y, () => ''],
  [/-?[0-9]{1,15}(?![0-9.])/y, (text) => text],
  [/"(?:[ !#-[\]-~]|\\["\\])*"/y, (text) => `"${text.slice(1, -1).replace(/\\(.)/g, '$1')}"`],
  [/[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*/y, (text) => text],
  [/:[A-Za-z0-9+/]*={0,2}:/y, () => ''],
  [/\?[01]/y, () => null],
  [/@-?[0-9]{1,15}(?![0-9.])/y, () => ''],
  [/%"(?:[ !#-$&-~]|%[0-9a-f]{2})*"/y, (text) => text.slice(1)],
];

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private need(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === undefined) throw new SyntaxError();
    return found;
  }

  private bare(): string | null {
    for (const [pattern, written] of ITEMS) {
      const found = this.take(pattern);
      if (found !== undefined) return written(found);
    }
    throw new SyntaxError();
  }

  private parameters(): void {
    while (this.take(/;/y) !== undefined) {
      this.take(/ */y);
      this.need(KEY);
      if (this.take(/=/y) !== undefined) this.bare();
    }
  }

  private member(): string | null {
    let value: string | null = '';
    if (this.take(/\(/y) === undefined) value = this.bare();
    else
      while (this.take(/ *\)/y) === undefined) {
        this.take(/ */y);
        this.bare();
        this.parameters();
        if (this.text[this.at] !== ' ' && this.text[this.at] !== ')') throw new SyntaxError();
      }
    this.parameters();
    return value;
  }

  /** Call back for each member of a list, until the end of the text. */
  list(each: () => void): void {
    this.take(/ */y);
    while (this.at < this.text.length) {
      each();
      if (this.take(/[ \t]*$/y) !== undefined) return;
      this.need(/[ \t]*,[ \t]*/y);
      if (this.at >= this.text.length) throw new SyntaxError();
    }
  }

  one(found?: Map<string, string | null>): void {
    if (!found) {
      this.member();
      return;
    }
    const name = this.need(KEY);
    let value: string | null = null;
    if (this.take(/=/y) !== undefined) value = this.member();
    else this.parameters();
    found.set(name, value);
  }
}

function parsed<T>(text: string, found: T, own?: Map<string, string | null>): T | undefined {
  if (text.length > 65_536) return undefined;
  const reader = new Reader(text);
  try {
    reader.list(() => reader.one(own));
    return found;
  } catch {
    return undefined;
  }
}

/** The members of a Dictionary, with values as Cache-Control writes them; undefined when it is invalid. */
export function dictionary(text: string): Map<string, string | null> | undefined {
  const found = new Map<string, string | null>();
  return parsed(text, found, found);
}

/** Whether a text is a List that can be parsed; an empty one is one. */
export const isList = (text: string): boolean => parsed(text, true) === true;

/** A String (RFC 9651, section 3.3.3); a character that none can hold becomes a question mark. */
export const quoted = (text: string): string => `"${text.replace(/[^ -~]/g, '?').replace(/["\\]/g, '\\$&')}"`;
