import { optional } from '../optional.ts';
import type { Expression } from '../rules/data.ts';
import { expression } from '../rules/expressions.ts';

const filled = (text: string, found: readonly (string | undefined)[]): string =>
  text.replace(/\$([UL]?)([1-9])/g, (_, letter: string, number: string) => {
    const group = found[Number(number)] ?? '';
    return letter === 'U' ? group.toUpperCase() : letter === 'L' ? group.toLowerCase() : group;
  });

/** The matches of a callback's arguments without offset, text and groups. */
const groups = (args: unknown[]): (string | undefined)[] =>
  args.slice(
    0,
    args.findIndex((arg) => typeof arg === 'number'),
  ) as (string | undefined)[];

function cut(value: string, offset: number, length: number | null): string {
  const text = [...value];
  const start = offset < 0 ? Math.max(0, text.length + offset) : offset;
  if (length === null) return text.slice(start).join('');
  return text
    .slice(length < 0 ? Math.max(0, start + length) : start, length < 0 ? start : start + length)
    .join('');
}

optional.onText = (value, operator, operands): string => {
  const [first, second] = operands;
  const regex = Array.isArray(first) ? (first as unknown as Expression) : undefined;
  switch (operator) {
    case ':':
      return cut(value, first as number, second as number | null);
    case '#': {
      const found = regex && expression(regex).exec(value);
      return found?.index === 0 ? value.slice(found[0].length) : value;
    }
    case '%':
      return regex ? value.replace(expression(regex), '') : value;
    case '/':
    case '//':
      return value.replace(expression(regex ?? ['', ''], operator === '//' ? 'g' : ''), (...args) =>
        filled(second as string, groups(args)),
      );
    case '/=': {
      const found = expression(regex ?? ['', '']).exec(value);
      return found ? filled(second as string, found) : '';
    }
    default: {
      const change = (text: string) => (operator[0] === ',' ? text.toLowerCase() : text.toUpperCase());
      return regex ? value.replace(expression(regex, operator.length > 1 ? 'g' : ''), change) : change(value);
    }
  }
};
