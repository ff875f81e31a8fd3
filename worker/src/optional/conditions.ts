import { optional } from '../optional.ts';
import type { Context } from '../rules/context.ts';
import type { Condition, Expression, Reading, Test } from '../rules/data.ts';
import { expression } from '../rules/expressions.ts';
import { isLate, reader } from '../rules/readings.ts';
import type { Holds, Predicate, Predicates, Truth } from '../rules/walk.ts';

/** A test that is false where what it reads is missing. */
export const present = (reading: Reading, matches: (text: string) => boolean): Holds => {
  const read = reader(reading);
  return (context) => {
    const found = read(context);
    return found !== undefined && matches(found);
  };
};

function oneOf(reading: Reading, given: readonly string[], ignoresCase: boolean): Holds {
  const texts = new Set(given);
  if (!ignoresCase && reading === 'method') return (context) => texts.has(context.request.method);
  if (ignoresCase && reading === 'path') return (context) => texts.has(context.lowerPath);
  return present(reading, (text) => texts.has(ignoresCase ? text.toLowerCase() : text));
}

/** A beginning in letters, and behind it what begins a group, a class or a segment: nothing that repeats it. */
const BEGINNING = /^\^((?:\/[\w~-]+)+)([(/[][^|]*|\$)$/;

/**
 * A test of the path by an expression.
 *
 * Most rules of a large site have one form below their own segments. What follows these is one expression for all of
 * them, so that few are compiled.
 */
function pathMatch([source, flags]: Expression): Holds {
  const [, start, rest] = BEGINNING.exec(source) ?? [];
  if (start === undefined || rest === undefined) {
    const pattern = expression([source, flags]);
    return (context) => pattern.test(context.path);
  }
  const pattern = expression([rest, flags], 'y');
  const ignoresCase = flags.includes('i');
  const begin = ignoresCase ? start.toLowerCase() : start;
  return (context) => {
    if (!(ignoresCase ? context.lowerPath : context.path).startsWith(begin)) return false;
    pattern.lastIndex = begin.length;
    return pattern.test(context.path);
  };
}

function holdsOf(test: Test): Holds {
  switch (test[0]) {
    case 'in':
      return oneOf(test[1], test[2], Boolean(test[3]));
    case 'match': {
      if (test[1] === 'path') return pathMatch(test[2]);
      const pattern = expression(test[2]);
      return present(test[1], (text) => pattern.test(text));
    }
    default:
      return optional.comparison(test);
  }
}

const readingsOf = (test: Test): Reading[] => {
  if (test[0] === 'two') return [test[2], test[3]];
  if (test[0] === 'order')
    return test[2].filter((side): side is Reading => side !== null && typeof side !== 'number');
  return [test[1]];
};

optional.predicates = (tests: readonly Test[]): Predicates => {
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
    const holds: Holds = (context) => {
      for (const part of parts) if (part.holds(context) === decisive) return decisive;
      return !decisive;
    };
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
};
