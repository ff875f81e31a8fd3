import type { TextRelation } from './catalog.js';
import { patternRegExp } from './pathPattern.js';
import { expressionStart, patternStart } from './starts.js';

/** A test of a text, and the starts of which a path must have one to pass it. */
export interface TextTest {
  passes: (text: string) => boolean;
  starts: string[];
}

const PLAIN_PATTERN = /^(?:\/(?::\w+|[\w.~%-]+))+$/;

/** A pattern of nothing but whole segments, such as `/team/:id`: much cheaper than a new regular expression. */
function plainPattern(pattern: string): TextTest['passes'] {
  let expected: string[] | undefined;
  return (text) => {
    expected ??= pattern.toLowerCase().split('/');
    const { length } = expected;
    const actual = text.toLowerCase().split('/');
    if (actual.length !== length && (actual.length !== length + 1 || actual[length])) return false;
    return expected.every((segment, at) => (segment[0] === ':' ? actual[at] : segment === actual[at]));
  };
}

function pathPattern(pattern: string): TextTest['passes'] {
  if (PLAIN_PATTERN.test(pattern)) return plainPattern(pattern);
  const expression = patternRegExp(pattern);
  return (text) => expression.test(text);
}

/** Leading flags and named groups are written differently in JavaScript; what it would misread is refused. */
function regularExpression(source: string): TextTest['passes'] {
  const [head = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? [];
  if (/\\[AZzhRKGQ]|\[\[:/.test(source)) throw new Error(`${source} is not for browsers`);
  const expression = new RegExp(source.slice(head.length).replaceAll('(?P<', '(?<'), flags);
  return (text) => expression.test(text);
}

/** The test that an operator makes of its second operand. */
export function textTest(operator: TextRelation, right: unknown): TextTest {
  const text = String(right);
  if (operator === '==') return { passes: pathPattern(text), starts: [patternStart(text)] };
  if (operator === '=~') return { passes: regularExpression(text), starts: [expressionStart(text)] };
  // For an operator that is added, `satisfies` is an error here.
  if ((operator satisfies 'in') !== 'in' || !Array.isArray(right)) {
    throw new Error(`no operator ${operator} with ${text}`);
  }
  const values = right.map(String);
  return { passes: (left) => values.includes(left), starts: values.map((value) => value.toLowerCase()) };
}
