/**
 * The query language of deep fetch: where in a JSON document the URLs are.
 *
 *     people.name              a property; of a list: of each member, joined into one list
 *     people[0]                a member
 *     people[c=NZ]             the first item that matches; [*c=NZ] all of them
 *     people[*r>=3 & c=AU]     = != > >= < <= ~, joined by & and | from left to right
 *     lookup[*]  lookup[**]    all values; the second also opens the lists among them
 *     people:only(name, 2)     a helper of `locals`: only(value, 'name', '2')
 *     a.b|c.d                  the first that is there
 *
 * It is the language of the json-query library as far as a URL can be found with it, so queries that
 * were written for that library keep working.
 */

/** A function that a query calls with `:name(arguments)`; the arguments are strings. */
// biome-ignore lint/suspicious/noExplicitAny: the author of the query knows what is found there
export type QueryHelper = (input: any, ...args: string[]) => unknown;

export interface JsonQueryOptions {
  /** Helpers by name. */
  locals?: Record<string, QueryHelper>;
  /** Helpers that are looked up after `locals`. */
  globals?: Record<string, QueryHelper>;
  /** Allow `[name~/pattern/flags]`. Default: false. */
  allowRegexp?: boolean;
}

type Step = (value: unknown) => unknown;
type Test = (member: unknown) => boolean;

/**
 * Compile a query once; the result finds its value in any document.
 *
 * Throws a `SyntaxError` that shows the query for an invalid query, and for a helper that is
 * not defined.
 */
export function compileQuery(query: string, options: JsonQueryOptions = {}): Step {
  const fail = (what: string): never => {
    throw new SyntaxError(`jsonQuery ${JSON.stringify(query)}: ${what}`);
  };

  const alternatives = split(query, '|', fail).map((path) => compilePath(path, options, fail));
  return (data) => {
    let value: unknown;
    for (const alternative of alternatives) {
      value = alternative(data);
      if (value) break;
    }
    return value;
  };
}

type Fail = (what: string) => never;

const STEP = /\[([^\]]*)\]|:([^.:[(]+)(?:\(([^)]*)\))?|([^.:[]+)|\./gy;

function compilePath(path: string, options: JsonQueryOptions, fail: Fail): Step {
  const steps: Step[] = [];
  let end = 0;
  for (const [text, select, helper, args = '', name] of path.matchAll(STEP)) {
    end += text.length;
    if (select !== undefined) steps.push(compileSelect(select.trim(), options, fail));
    else if (helper) steps.push(callHelper(helper.trim(), args, options, fail));
    else if (name?.trim()) steps.push((value) => pluck(value, name.trim()));
  }
  if (end < path.length) fail(`cannot read ${JSON.stringify(path.slice(end))}`);
  return (data) => steps.reduce((value, step) => step(value), data);
}

function pluck(value: unknown, name: string): unknown {
  if (!Array.isArray(value)) return property(value, name);
  return value.flatMap((member) => property(member, name) ?? []);
}

function property(value: unknown, name: string): unknown {
  return value == null ? null : (value as Record<string, unknown>)[name];
}

function compileSelect(select: string, options: JsonQueryOptions, fail: Fail): Step {
  if (select === '*') return values;
  if (select === '**') return (value) => values(value).flat();
  if (/^\d+$/.test(select)) return (value) => property(value, select);
  if (!/[=<>~]/.test(select)) return (value) => pluck(value, select);

  const all = select.startsWith('*');
  const matches = compileTest(all ? select.slice(1) : select, options, fail);
  return (value) => {
    const members = Array.isArray(value) ? value : [];
    return all ? members.filter(matches) : (members.find(matches) ?? null);
  };
}

function values(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value !== null && typeof value === 'object' ? Object.values(value) : [];
}

function compileTest(text: string, options: JsonQueryOptions, fail: Fail): Test {
  const [first = '', ...rest] = text.split(/([&|])/);
  let test = compileComparison(first, options, fail);
  while (rest.length) {
    const left = test;
    const [joint, part = ''] = rest.splice(0, 2);
    const right = compileComparison(part, options, fail);
    test =
      joint === '&' ? (member) => left(member) && right(member) : (member) => left(member) || right(member);
  }
  return test;
}

function compileComparison(text: string, options: JsonQueryOptions, fail: Fail): Test {
  const match = /^\s*(.+?)\s*(!=|>=|<=|=|>|<|~)\s*(.*?)\s*$/.exec(text);
  if (!match) return fail(`expected key=value, found ${JSON.stringify(text.trim())}`);
  const [, key = '', operator = '', wanted = ''] = match;
  const read = compilePath(key, options, fail);
  const compare = comparison(operator, wanted, options, fail);
  return (member) => compare(read(member));
}

function comparison(operator: string, wanted: string, options: JsonQueryOptions, fail: Fail): Test {
  switch (operator) {
    case '=':
      return (value) => String(value) === wanted;
    case '!=':
      return (value) => String(value) !== wanted;
    case '>':
      return (value) => Number(value) > Number(wanted);
    case '>=':
      return (value) => Number(value) >= Number(wanted);
    case '<':
      return (value) => Number(value) < Number(wanted);
    case '<=':
      return (value) => Number(value) <= Number(wanted);
    default: {
      if (!options.allowRegexp) return fail('[key~/pattern/] needs allowRegexp: true');
      const [, pattern = '', flags = ''] =
        /^\/(.*)\/([a-z]*)$/.exec(wanted) ?? fail('expected ~/pattern/flags');
      const regexp = new RegExp(pattern, flags.replace(/[gy]/g, ''));
      return (value) => regexp.test(String(value));
    }
  }
}

function callHelper(name: string, args: string, options: JsonQueryOptions, fail: Fail): Step {
  const helper = options.locals?.[name] ?? options.globals?.[name];
  if (!helper) return fail(`the helper ${JSON.stringify(name)} is not in jsonQueryOptions.locals`);
  const given = args.trim() ? args.split(',').map((arg) => arg.trim()) : [];
  return (value) => helper.call(options, value, ...given);
}

/** Split at a separator outside brackets and parentheses. */
function split(text: string, separator: string, fail: Fail): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '(') depth += 1;
    if (character === ']' || character === ')') depth -= 1;
    if (depth < 0) break;
    if (character === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  if (depth !== 0) fail('brackets do not match');
  return parts;
}
