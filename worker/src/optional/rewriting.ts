import { canonicalTarget, pathForRules, splitClientParameters, withQuery } from '../http/target.ts';
import { type LookUp, optional } from '../optional.ts';
import type { Context } from '../rules/context.ts';
import type { Placeholder, Reading, Substitution } from '../rules/data.ts';
import { expression } from '../rules/expressions.ts';
import { reader } from '../rules/readings.ts';
import { Destination } from './destination.ts';
import { transformed } from './texts.ts';

/** What a source captured: the texts by name or number, and where those were found. */
interface Found {
  readonly texts: Map<string, string | undefined>;
  readonly ofQuery: ReadonlySet<string>;
  /** The names of those that hold the end of the path and of the query what follows. */
  readonly across: ReadonlySet<string>;
}

const PART = /\\([\s\S])|([/.]?):([0-9A-Za-z_]+)(?:\((?:\\[\s\S]|[^()\\])*\))?([*+]|\?(?![\w$%&=-])|)/g;
const SLASH = 'optionalSlash';
const QUERY = 'optionalQuery';

const recoded = (text: string): string =>
  text.replace(/[^A-Za-z0-9_.~/%!$'()*,:@-]/gu, (found) => encodeURIComponent(found));

type Source = readonly [source: string, flags: string, ...names: string[]];

const ofPattern = (
  [source, flags, ...names]: Source,
  text: string,
): Map<string, string | undefined> | undefined => {
  const found = expression([source, flags]).exec(text);
  return found ? new Map(names.map((name, at) => [name, found[at + 1]])) : undefined;
};

function captured(rule: Substitution, source: Source, text: string, length: number): Found | undefined {
  if (rule.named) {
    const texts = ofPattern(source, text);
    if (!texts) return undefined;
    const names = [...texts];
    const across = names.filter(([, value]) => value?.includes('?')).map(([name]) => name);
    const ofQuery = names
      .filter(([, value]) => value && (value[0] === '?' || (rule.asksQuery && !value.includes('?'))))
      .map(([name]) => name)
      .filter((name) => !across.includes(name));
    return { texts, ofQuery: new Set(ofQuery), across: new Set(rule.asksQuery ? [] : across) };
  }
  const match = expression([source[0], source[1]], 'd').exec(text);
  if (!match) return undefined;
  const texts = new Map<string, string | undefined>();
  const [ofQuery, across] = [new Set<string>(), new Set<string>()];
  for (let number = 1; number < match.length; number++) {
    texts.set(String(number), match[number]);
    const [start, end] = match.indices?.[number] ?? [-1, -1];
    if (start >= length) ofQuery.add(String(number));
    if (start > -1 && start <= length && length < end) across.add(String(number));
  }
  return { texts, ofQuery, across };
}

const written = (rule: Substitution): string => rule.to.filter((part) => typeof part === 'string').join('\0');

const uses = (rule: Substitution, names: ReadonlySet<string>): boolean =>
  [...names].some((name) => written(rule).includes(`${rule.named ? ':' : '$'}${name}`));

function byHelper(page: Source, path: string, query: string): Found | undefined {
  const texts = ofPattern(page, path);
  if (!texts) return undefined;
  const shorter = path.endsWith('/') ? ofPattern(page, path.slice(0, -1)) : undefined;
  const isExtra = shorter && [...texts].every(([name, text]) => shorter.get(name) === text);
  texts.set(SLASH, isExtra ? '/' : undefined);
  texts.set(QUERY, query ? `?${query}` : undefined);
  return { texts, ofQuery: new Set([QUERY]), across: new Set() };
}

/** What a source captures, and whether the query is to be kept besides. */
function matched(
  rule: Substitution,
  from: Source,
  path: string,
  query: string,
): [Found | undefined, boolean] {
  const helped = rule.page && byHelper(rule.page, path, query);
  if (helped) {
    const drops = query && rule.takesQuery && !written(rule).includes(`:${QUERY}`) && !rule.saysQuery;
    const across = drops ? captured(rule, from, `${path}?${query}`, path.length) : undefined;
    return [helped, across !== undefined && uses(rule, across.across)];
  }
  const found = captured(rule, from, withQuery(path, query), path.length);
  if (found && !(query && uses(rule, found.across))) return [found, false];
  if (!query) return [undefined, false];
  const alone = captured(rule, from, path, path.length);
  return alone ? [alone, !rule.saysQuery] : [found, false];
}

function fillText(made: Destination, text: string, found: Found, named: boolean): void {
  let at = 0;
  let before = '';
  for (const part of text.matchAll(named ? PART : /\$([1-9])/g)) {
    before += text.slice(at, part.index);
    at = part.index + part[0].length;
    if (!named) {
      made.addText(before);
      made.addCaptured(found.texts.get(part[1] ?? '') ?? '', found.ofQuery.has(part[1] ?? ''));
    } else {
      const [whole, literal, prefix = '', name = '', modifier] = part;
      if (literal !== undefined || !found.texts.has(name)) {
        before += literal ?? whole;
        continue;
      }
      const value = found.texts.get(name);
      made.addText(value === undefined && (modifier === '*' || modifier === '?') ? before : before + prefix);
      if (name !== SLASH) made.addCaptured(value ?? '', found.ofQuery.has(name));
      else if (value) made.addSlash();
    }
    before = '';
  }
  made.addText(before + text.slice(at));
}

const filledUrl = (to: readonly (string | Placeholder)[], lookUp: LookUp): string | undefined => {
  const made = new Destination();
  for (const part of to)
    if (typeof part === 'string') made.addText(part);
    else made.addVariable(part[1], transformed(part, lookUp(part[0])));
  return made.url();
};

/** Where a rewrite or redirect leads, or undefined if the URL does not match its source. */
function rewritten(rule: Substitution, path: string, query: string, lookUp: LookUp, isTarget: boolean) {
  const from = rule.from as Source;
  let [found, keepsQuery] = matched(rule, from, path, query);
  const seen = pathForRules(path);
  if (!found && seen !== path) {
    [found, keepsQuery] = matched(rule, from, seen, query);
    if (found) {
      const { ofQuery, across, texts } = found;
      const change = ([name, text]: [string, string | undefined]): [string, string | undefined] => [
        name,
        !text || ofQuery.has(name) || across.has(name) ? text : recoded(text),
      ];
      found = { ofQuery, across, texts: new Map([...texts].map(change)) };
    }
  }
  if (!found) return undefined;
  const made = new Destination(isTarget);
  for (const part of rule.to)
    if (typeof part === 'string') fillText(made, part, found, Boolean(rule.named));
    else made.addVariable(part[1], transformed(part, lookUp(part[0])));
  if (keepsQuery) made.addQuery(query);
  return made.url();
}

/** Where a redirect leads, or undefined if the request does not match its source or it names no host. */
export function locationOf(rule: Substitution, context: Context): string | undefined {
  const lookUp = (reading: Reading) => reader(reading)(context);
  if (!rule.from) return filledUrl(rule.to, lookUp) || undefined;
  return rewritten(rule, context.originUri, context.originQuery, lookUp, false);
}

optional.rewriteUrl = (context, early): boolean => {
  const before = withQuery(context.sentPath, context.originQuery);
  for (const rule of early.get<Substitution[]>('url.url_rewrite') ?? []) {
    if (!rule.from) continue;
    const [seen, added] = splitClientParameters(context.originQuery);
    const target = rewritten(rule, context.originUri, seen, (reading) => reader(reading)(context), true);
    if (target === undefined) continue;
    const at = target.indexOf('?');
    const path = at < 0 ? target : target.slice(0, at);
    const query = [at < 0 ? '' : target.slice(at + 1), added].filter(Boolean).join('&');
    const found = canonicalTarget(path, query);
    if (typeof found === 'string') {
      context.refusal = `a rewrite leads to ${path}: ${found}`;
      return true;
    }
    context.rewrite(found.path, found.query);
  }
  return before !== withQuery(context.sentPath, context.originQuery);
};
