import { patternRegExp } from './pathPattern.js';
import { expressionStart, fits, patternStart, type Segments, segmentsOf } from './segments.js';

/** The answer of a condition; undefined when a page cannot know it. */
export type Truth = boolean | undefined;

/** A compiled condition. */
export interface Condition {
  holds: (url: URL) => Truth;
  /** A path must start with one of these for the condition to hold or be unknown; `[[]]` is any path. */
  starts: Segments[];
}

/** Reads one side of a comparison; the result is undefined when the request has no such thing. */
type Operand = (url: URL) => unknown;

const path: Operand = (url) => url.pathname;
const query: Operand = (url) => url.search.slice(1);

const REQUEST: Record<string, Operand> = {
  path,
  origin_path: path,
  method: () => 'GET',
  scheme: (url) => url.protocol.slice(0, -1).toUpperCase(),
  query,
  querystring: query,
  origin_query_string: query,
};

const NEGATIONS: Record<string, string> = { '!==': '===', '!=': '==', '!~': '=~', not_in: 'in' };

const ANYWHERE: Segments[] = [[]];

/** Undefined for a variable that a page cannot know, such as a header. */
function operand(node: unknown): Operand | undefined {
  if (typeof node !== 'object') return () => node;
  const { request, 'request.origin_query': parameter } = node as Record<string, string>;
  if (!parameter) return REQUEST[request as string];
  const name = parameter.toLowerCase();
  return (url) => [...url.searchParams].find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Leading flags and named groups are written differently in JavaScript; what it would misread is refused. */
function regularExpression(source: string): RegExp {
  const [head = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? [];
  if (/\\[AZzhRKGQ]|\[\[:/.test(source)) throw new Error(`${source} is not for browsers`);
  return new RegExp(source.slice(head.length).replaceAll('(?P<', '(?<'), flags);
}

/** A test of the first operand's text, and the starts of the paths that pass it. */
function textTest(operator: string, right: unknown): [test: (text: string) => boolean, starts: Segments[]] {
  const text = String(right);
  if (operator === '==') {
    const { start, plain } = patternStart(text);
    const expression = plain ? undefined : patternRegExp(text);
    return [expression ? (left) => expression.test(left) : (left) => fits(start, left), [start]];
  }
  if (operator === '=~') {
    const expression = regularExpression(text);
    return [(left) => expression.test(left), [expressionStart(text)]];
  }
  if (operator !== 'in' || !Array.isArray(right)) throw new Error(`no operator ${operator} with ${text}`);
  const values = right.map(String);
  return [(left) => values.includes(left), values.map(segmentsOf)];
}

function inOrder(operator: string, left: number, right: number): boolean {
  if (left < right) return operator[0] === '<';
  return left > right ? operator[0] === '>' : left === right && operator.length > 1;
}

function comparison(operator: string, operands: unknown[]): Condition {
  const reads = operands.map(operand);
  const [read] = reads;
  if (/^(===|[<>]=?)$/.test(operator)) {
    const holds = (values: unknown[]): boolean =>
      operator === '==='
        ? values[0] === values[1]
        : values.every((value, at) => !at || inOrder(operator, Number(values[at - 1]), Number(value)));
    return {
      holds: (url) =>
        reads.every((one) => one) ? holds(reads.map((one) => (one as Operand)(url))) : undefined,
      starts: read === path && operator === '===' ? [segmentsOf(String(operands[1]))] : ANYWHERE,
    };
  }
  const [test, starts] = textTest(operator, operands[1]);
  return {
    holds: (url) => {
      const left = read?.(url);
      return read && left !== undefined && test(String(left));
    },
    starts: read === path ? starts : ANYWHERE,
  };
}

/** True or false as soon as one member decides; else unknown when one is; else the other answer. */
function combined(members: Condition[], decisive: boolean): Condition {
  return {
    holds: (url) => {
      let truth: Truth = !decisive;
      for (const member of members) {
        const answer = member.holds(url);
        if (answer === decisive) return answer;
        if (answer === undefined) truth = answer;
      }
      return truth;
    },
    starts: decisive
      ? members.flatMap(({ starts }) => starts)
      : (members.find(({ starts }) => starts.every((start) => start.length))?.starts ?? ANYWHERE),
  };
}

/** Compiles a condition of the rule language; throws an Error for one that is malformed. */
export function compileCondition(node: unknown): Condition {
  const operators = Object.keys(node as object);
  const operator = operators[0] as string;
  const operands: unknown = (node as Record<string, unknown>)[operator];
  if (operators.length !== 1 || !Array.isArray(operands))
    throw new Error(`not a condition: ${JSON.stringify(node)}`);
  if (operator === 'and' || operator === 'or') {
    return combined(operands.map(compileCondition), operator === 'or');
  }
  const opposite = NEGATIONS[operator];
  if (!opposite) return comparison(operator, operands);
  const { holds } = comparison(opposite, operands);
  return {
    holds: (url) => {
      const truth = holds(url);
      return truth === undefined ? truth : !truth;
    },
    starts: ANYWHERE,
  };
}
