import type { Context } from './context.ts';
import type { Condition, Reading, Test } from './data.ts';
import { isLate, reader } from './readings.ts';
import { expression } from './templates.ts';

/** True, false, or undefined for what only the response can tell. */
export type Truth = boolean | undefined;

/** A condition as functions of a request. */
export interface Predicate {
  /** Whether it reads the response. */
  readonly late: boolean;
  readonly holds: (context: Context) => boolean;
  readonly truth: (context: Context, withResponse: boolean) => Truth;
}

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

type Holds = (context: Context) => boolean;

/** A test that is false where what it reads is missing. */
const present = (reading: Reading, matches: (text: string) => boolean): Holds => {
  const read = reader(reading);
  return (context) => {
    const found = read(context);
    return found !== undefined && matches(found);
  };
};

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

function oneOf(reading: Reading, given: readonly string[], ignoresCase: boolean): Holds {
  const texts = new Set(given);
  if (ignoresCase && reading === 'path') return (context) => texts.has(context.lowerPath);
  return present(reading, (text) => texts.has(ignoresCase ? text.toLowerCase() : text));
}

function holdsOf(test: Test): Holds {
  switch (test[0]) {
    case 'in':
      return oneOf(test[1], test[2], Boolean(test[3]));
    case 'match': {
      const pattern = expression(test[2]);
      return present(test[1], (text) => pattern.test(text));
    }
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
  }
}

const readingsOf = (test: Test): Reading[] => {
  if (test[0] === 'two') return [test[2], test[3]];
  if (test[0] === 'order')
    return test[2].filter((side): side is Reading => side !== null && typeof side !== 'number');
  return [test[1]];
};

/** Tests by their numbers, each compiled at its first use. */
export function predicates(tests: readonly Test[]): (condition: Condition) => Predicate {
  const known: Predicate[] = [];
  const single = (at: number): Predicate => {
    let found = known[at];
    if (!found) {
      const test = tests[at] as Test;
      const holds = holdsOf(test);
      const late = readingsOf(test).some(isLate);
      const truth = (context: Context, isKnown: boolean) => (late && !isKnown ? undefined : holds(context));
      found = { late, holds, truth };
      known[at] = found;
    }
    return found;
  };
  const of = (condition: Condition): Predicate => {
    if (typeof condition === 'number') return single(condition);
    const [kind, ...rest] = condition;
    const parts = (rest as Condition[]).map(of);
    const late = parts.some((part) => part.late);
    if (kind === 'not') {
      const part = parts[0] as Predicate;
      const truth = (context: Context, isKnown: boolean) => {
        const found = part.truth(context, isKnown);
        return found === undefined ? found : !found;
      };
      return { late, holds: (context) => !part.holds(context), truth };
    }
    const decisive = kind === 'or';
    const holds: Holds = decisive
      ? (context) => parts.some((part) => part.holds(context))
      : (context) => parts.every((part) => part.holds(context));
    const truth = (context: Context, isKnown: boolean): Truth => {
      let result: Truth = !decisive;
      for (const part of parts) {
        const found = part.truth(context, isKnown);
        if (found === decisive) return found;
        if (found === undefined) result = undefined;
      }
      return result;
    };
    return { late, holds, truth };
  };
  return of;
}
