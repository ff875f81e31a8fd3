import { optional } from '../optional.ts';
import type { Context } from '../rules/context.ts';
import type { Reading } from '../rules/data.ts';
import { reader } from '../rules/readings.ts';
import type { Holds } from '../rules/walk.ts';
import { present } from './conditions.ts';

const NUMBER = /^\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)\s*$/;

const number = (text: string | undefined): number | undefined => {
  const found = text !== undefined && text.length < 400 ? NUMBER.exec(text) : null;
  return found ? Number(found[1]) : undefined;
};

const ORDERS: Record<string, (left: number, right: number) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

const LIKENESSES: Record<string, (left: string, right: string) => boolean> = {
  equal: (left, right) => left === right,
  'equal-but-for-case': (left, right) => left.toLowerCase() === right.toLowerCase(),
  contains: (left, right) => left.includes(right),
};

/** The bits of an IP address, undefined for any other text. */
function bits(text: string): string | undefined {
  const byte = (part: string) => Number(part).toString(2).padStart(8, '0');
  const four = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
  if (four.test(text)) return `4${text.split('.').map(byte).join('')}`;
  const own = text.replace(/[^:]*\.[^:]*$/, (last) => {
    if (!four.test(last)) return '!';
    const [a = '', b = '', c = '', d = ''] = last
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'));
    return `${a}${b}:${c}${d}`;
  });
  const halves = own.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half ? half.split(':') : []));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing) return undefined;
  const groups = [...left, ...new Array<string>(missing).fill('0'), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return `6${groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')}`;
}

/** Whether an address is in a block such as `192.0.2.0/24`. */
function within(address: string, block: string): boolean {
  const [start = '', size] = block.split('/');
  const own = bits(address);
  const all = bits(start);
  return (
    own !== undefined &&
    all !== undefined &&
    own.startsWith(all.slice(0, size ? Number(size) + 1 : undefined))
  );
}

type Side = Reading | number | null;

function ordering(operator: string, operands: readonly Side[]): Holds {
  const isInOrder = ORDERS[operator] ?? (() => false);
  const sides = operands.map((operand): ((context: Context) => number | undefined) => {
    if (typeof operand === 'number' || operand === null) return () => operand ?? undefined;
    const read = reader(operand);
    return (context) => number(read(context));
  });
  return (context) => {
    const numbers = sides.map((side) => side(context));
    return numbers.every((right, at) => {
      const left = numbers[at - 1];
      return !at || (left !== undefined && right !== undefined && isInOrder(left, right));
    });
  };
}

optional.comparison = (test): Holds => {
  switch (test[0]) {
    case 'net':
      return present(
        test[1],
        (text) => test[3].includes(text) || test[2].some((network) => within(text, network)),
      );
    case 'number':
      return present(test[1], (text) => number(text) === test[2]);
    case 'order':
      return ordering(test[1], test[2]);
    case 'two': {
      const [first, second] = [reader(test[2]), reader(test[3])];
      const isAlike = LIKENESSES[test[1]] ?? (() => false);
      return (context) => {
        const [left, right] = [first(context), second(context)];
        return left !== undefined && right !== undefined && isAlike(left, right);
      };
    }
    default:
      return () => false;
  }
};
