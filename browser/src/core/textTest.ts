import { patternRegExp } from './pathPattern.js';
import { expressionStart, fits, patternStart, type Segments, segmentsOf } from './segments.js';

/** A test of a text, and the starts that a path must have to pass it. */
export interface TextTest {
  passes: (text: string) => boolean;
  starts: Segments[];
}

function pathPattern(pattern: string): TextTest {
  const { start, plain } = patternStart(pattern);
  if (plain) return { passes: (text) => fits(start, text), starts: [start] };
  const expression = patternRegExp(pattern);
  return { passes: (text) => expression.test(text), starts: [start] };
}

/** Leading flags and named groups are written differently in JavaScript; what it would misread is refused. */
function regularExpression(source: string): TextTest {
  const [head = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? [];
  if (/\\[AZzhRKGQ]|\[\[:/.test(source)) throw new Error(`${source} is not for browsers`);
  const expression = new RegExp(source.slice(head.length).replaceAll('(?P<', '(?<'), flags);
  return { passes: (text) => expression.test(text), starts: [expressionStart(source)] };
}

/** The test that an operator makes of its second operand. */
export function textTest(operator: string, right: unknown): TextTest {
  if (operator === '==') return pathPattern(String(right));
  if (operator === '=~') return regularExpression(String(right));
  if (operator !== 'in' || !Array.isArray(right)) throw new Error(`no operator ${operator} with ${right}`);
  const values = right.map(String);
  return { passes: (text) => values.includes(text), starts: values.map(segmentsOf) };
}
