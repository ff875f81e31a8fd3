import { splitClientParameters, withQuery } from '../http/target.ts';
import { optional } from '../optional.ts';
import type { Context } from './context.ts';
import type { Expression, Template } from './data.ts';
import type { Merged } from './merged.ts';

/** Whether rules say which parts of a request count. */
export const hasOptions = ({ values }: Merged): boolean =>
  values.has('caching.cache_key') || values.has('caching.cache_key_query_string');

/** The cache key of a request: host, path and query first, then each further part that counts. */
export function cacheKey(context: Context, early: Merged): readonly string[] {
  const options = hasOptions(early) ? optional.keyOptions : undefined;
  const others = splitClientParameters(context.originQuery)[0];
  const query = options ? options.query(others, early) : others;
  const rewrite = early.get<{ from: Expression; to: Template }>('caching.cache_key_rewrite');
  const address =
    (rewrite && optional.replacedKey(rewrite, context, query)) ?? withQuery(context.sentPath, query);
  const { method, host } = context.request;
  const key = [`${host}${address}`];
  if (method !== 'GET' && method !== 'HEAD') key.push(`method ${method}`);
  const origin = early.get<string>('origin.set_origin');
  if (origin !== undefined) key.push(`origin ${origin}`);
  return options ? key.concat(options.parts(context, early)) : key;
}
