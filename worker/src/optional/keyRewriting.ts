import { withQuery } from '../http/target.ts';
import { optional } from '../optional.ts';
import { expression } from '../rules/expressions.ts';
import './texts.ts';

/** What an expression makes of a cache key, unencoded, or undefined if it does not match. */
optional.replacedKey = (rule, context, query): string | undefined => {
  const pattern = expression(rule.from);
  let found = pattern.exec(withQuery(context.originUri, query));
  const kept = !found && query ? query : '';
  if (kept) found = pattern.exec(context.originUri);
  if (!found) return undefined;
  const texts = found;
  const target = optional.expand(rule.to, context, context, (text) =>
    text.replace(/\$([1-9])/g, (_, number: string) => texts[Number(number)] ?? ''),
  );
  return kept ? `${target}${target.includes('?') ? '&' : '?'}${kept}` : target;
};
