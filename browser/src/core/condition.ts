import { NEGATIONS, RELATIONS, type TextRelation } from './catalog.js';
import type { Target } from './target.js';
import { textTest } from './textTest.js';

/** The answer of a condition, or undefined if a page cannot know it. */
export type Truth = boolean | undefined;

/** A compiled condition. */
export interface Condition {
  holds: (target: Target) => Truth;
  /** A path must have one of these starts for the condition to hold or be unknown. */
  starts: string[];
}

/** Reads one side of a comparison; the result is undefined if the request has no such thing. */
type Operand = (target: Target) => unknown;

const path: Operand = (target) => target.path;
const query: Operand = (target) => target.query;

const REQUEST: Record<string, Operand> = {
  path,
  origin_path: path,
  method: () => 'GET',
  scheme: ({ href }) => href.split(':', 1)[0]?.toUpperCase(),
  query,
  querystring: query,
  origin_query_string: query,
};

const ANYWHERE = [''];

const isUnknown = (): undefined => undefined;

/** Undefined for a variable that a page cannot know, such as a header. */
function operand(node: unknown): Operand | undefined {
  if (typeof node !== 'object') return () => node;
  const { request, 'request.origin_query': parameter } = node as Record<string, string>;
  if (!parameter) return Object.hasOwn(REQUEST, request as string) ? REQUEST[request as string] : undefined;
  return (target) => new URLSearchParams(target.query).get(parameter) ?? undefined;
}

function inOrder(operator: string, left: number, right: number): boolean {
  if (left < right) return operator[0] === '<';
  return left > right ? operator[0] === '>' : left === right && operator.length > 1;
}

/** `===` and the orders: of two or three operands, none of which may be unknown. */
function relation(operator: string, operands: unknown[]): Condition {
  const reads = operands.map(operand);
  const isEquality = operator === '===';
  return {
    holds: (target) => {
      const values: unknown[] = [];
      for (const read of reads) {
        if (!read) return undefined;
        values.push(read(target));
      }
      if (isEquality) return values[0] === values[1];
      return values.every((value, at) => !at || inOrder(operator, Number(values[at - 1]), Number(value)));
    },
    starts: isEquality && reads[0] === path ? [String(operands[1]).toLowerCase()] : ANYWHERE,
  };
}

function comparison(operator: string, operands: unknown[]): Condition {
  if (RELATIONS.includes(operator)) return relation(operator, operands);
  const read = operand(operands[0]);
  const { passes, starts } = textTest(operator as TextRelation, operands[1]);
  if (!read) return { holds: isUnknown, starts: ANYWHERE };
  return {
    holds: (target) => {
      const left = read(target);
      return left !== undefined && passes(String(left));
    },
    starts: read === path ? starts : ANYWHERE,
  };
}

/** True or false as soon as one member decides; else unknown when one is; else the other answer. */
function combined(members: Condition[], decisive: boolean): Condition {
  const narrow = members.find(({ starts }) => !starts.includes(''));
  return {
    holds: (target) => {
      let truth: Truth = !decisive;
      for (const member of members) {
        const answer = member.holds(target);
        if (answer === decisive) return answer;
        if (answer === undefined) truth = answer;
      }
      return truth;
    },
    starts: decisive ? members.flatMap(({ starts }) => starts) : (narrow?.starts ?? ANYWHERE),
  };
}

/** Compiles a condition of the rule language; throws an Error for one that is malformed. */
export function compileCondition(node: unknown): Condition {
  const operators = Object.keys(node as object);
  const operator = operators[0] as string;
  const operands: unknown = (node as Record<string, unknown>)[operator];
  if (operators.length !== 1 || !Array.isArray(operands)) {
    throw new Error(`not a condition: ${JSON.stringify(node)}`);
  }
  if (operator === 'and' || operator === 'or') {
    return combined(operands.map(compileCondition), operator === 'or');
  }
  const opposite = NEGATIONS[operator];
  if (!opposite) return comparison(operator, operands);
  const { holds } = comparison(opposite, operands);
  return {
    holds: (target) => {
      const truth = holds(target);
      return truth === undefined ? truth : !truth;
    },
    starts: ANYWHERE,
  };
}
