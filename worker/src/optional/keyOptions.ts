import { parameterName, unquotePlus } from '../http/target.ts';
import { optional } from '../optional.ts';
import type { Context } from '../rules/context.ts';
import type { Template } from '../rules/data.ts';
import type { Merged } from '../rules/merged.ts';

/** What options say of cache keys. */
export interface KeyOptions {
  /** The part of a query that counts. */
  query(query: string, early: Merged): string;
  /** Further parts: headers, cookies, expressions. */
  parts(context: Context, early: Merged): string[];
  /** The parameters that make no difference, as the value of `No-Vary-Search`. */
  leftOut(early: Merged, own: readonly string[]): string;
}

interface Options {
  include_query_params?: string[];
  include_all_query_params_except?: string[];
  include_all_query_params?: boolean;
  exclude_all_query_params?: boolean;
  include_headers?: string[];
  include_cookies?: string[];
  include_expressions?: Template[];
  sort_query_params?: boolean;
  ignore_query_case?: boolean;
}

interface Older {
  include?: string[];
  include_all_except?: string[];
  exclude_all?: boolean;
}

/** What all names have in common that one origin or another takes for the same parameter. */
const loose = (name: string): string =>
  (name.toLowerCase().split('[')[0] ?? '').trim().replace(/[^a-z0-9_-]/gu, '_');

interface Chosen {
  include?: string[] | undefined;
  except?: string[] | undefined;
  none?: boolean | undefined;
}

/** What says which parameters count: the newer options, or else the older. */
function chosen(options: Options, older: Older): Chosen {
  const include = options.include_query_params;
  const except = options.include_all_query_params_except;
  const none = options.exclude_all_query_params;
  return include?.length || except?.length || none || options.include_all_query_params
    ? { include, except, none }
    : { include: older.include, except: older.include_all_except, none: older.exclude_all };
}

/** The part of a query that counts: see "Which parameters are in the key" in docs/urls.md. */
function selected(query: string, options: Options, older: Older): string {
  const { include, except, none } = chosen(options, older);
  if (none) return '';
  const parts = query.split('&');
  if (include?.length) {
    const names = new Set(include.map((name) => loose(unquotePlus(name))));
    return parts
      .filter((part) => part.split(';').some((one) => names.has(loose(parameterName(one)))))
      .join('&');
  }
  if (!except?.length) return query;
  const names = new Set(except.map(unquotePlus));
  return parts.filter((part) => !part.split(';').every((one) => names.has(parameterName(one)))).join('&');
}

const optionsOf = (early: Merged): Options => early.get<Options>('caching.cache_key') ?? {};
const olderOf = (early: Merged): Older => early.get<Older>('caching.cache_key_query_string') ?? {};

function leftOut(early: Merged, own: readonly string[]): string {
  const { include, except, none } = chosen(optionsOf(early), olderOf(early));
  // Text with variables may be of the query.
  const hasText = optionsOf(early).include_expressions?.some((text) => typeof text !== 'string') ?? false;
  if (none && !hasText) return 'params';
  const names = include?.length || hasText ? [] : (except ?? []).map(unquotePlus);
  const texts = names.map((name) => String(new URLSearchParams([[name, '']])).slice(0, -1));
  return `params=(${[...own, ...texts].map((name) => `"${name}"`).join(' ')})`;
}

const nameOf = (part: string): string => part.split('=')[0] ?? '';

/** A query in the order and letters that count; parameters of one name stay in their order. */
function arranged(query: string, options: Options): string {
  const letters = options.ignore_query_case ? query.toLowerCase() : query;
  if (!options.sort_query_params) return letters;
  const compare = (one: string, other: string): number =>
    nameOf(one) < nameOf(other) ? -1 : nameOf(one) > nameOf(other) ? 1 : 0;
  return letters
    .split('&')
    .filter((part) => part)
    .sort(compare)
    .join('&');
}

function parts(context: Context, early: Merged): string[] {
  const { include_headers = [], include_cookies = [], include_expressions = [] } = optionsOf(early);
  const found: string[] = [];
  for (const written of include_headers) {
    const name = written.toLowerCase();
    const text = name === 'host' ? context.request.host : context.header(name);
    if (text !== undefined) found.push(`header ${name}=${text}`);
  }
  for (const name of include_cookies) {
    const text = context.cookies.get(name);
    if (text !== undefined) found.push(`cookie ${name}=${text}`);
  }
  for (const text of include_expressions)
    found.push(`expression ${typeof text === 'string' ? text : optional.expand(text, context)}`);
  return found;
}

optional.keyOptions = {
  query: (query, early) => arranged(selected(query, optionsOf(early), olderOf(early)), optionsOf(early)),
  parts,
  leftOut,
};
