import { expect, test } from 'vitest';
import type { TextRelation } from './catalog.js';
import { compileManifest } from './manifest.js';
import { patternRegExp } from './pathPattern.js';
import { eachStart } from './starts.js';
import { type Target, targetOf } from './target.js';
import { type TextTest, textTest } from './textTest.js';

const RUNS = 3000;

/** Numbers from 0 to 1 that are the same on every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

const next = numbers(7);
const pick = <T>(choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T;
const many = <T>(make: () => T, most: number): T[] => Array.from({ length: Math.floor(next() * most) }, make);

const PIECES = [
  '/',
  'a',
  'B',
  ':id',
  ':',
  '(',
  ')',
  '{',
  '}',
  '*',
  '+',
  '?',
  '.',
  '\\',
  '\\d+',
  '-',
  '%20',
  '|',
  '[',
  '^',
  '$',
];
const text = (): string => many(() => pick(PIECES), 8).join('');

const KEYS = [
  'if',
  'caching',
  'and',
  'or',
  '===',
  '!=',
  '==',
  '=~',
  '!~',
  'in',
  'not_in',
  '<',
  'request',
  'max_age',
];

/** Any JSON value, with the words of the rule language in it. */
function value(depth: number): unknown {
  const leaf = pick([null, true, 0, -1, '1h', 'path', 'querystring', text()]);
  if (depth <= 0 || next() < 0.2) return leaf;
  if (next() < 0.5) return many(() => value(depth - 1), 5);
  return Object.fromEntries(many(() => [pick(KEYS), value(depth - 1)], 3));
}

test('whatever a manifest holds, compiling and matching it ends with an answer', () => {
  for (let run = 0; run < RUNS; run++) {
    const rules = many(() => value(6), 4);
    const isPrefetchable = compileManifest(rules, () => undefined);
    expect(
      isPrefetchable(targetOf('https://shop.example/a/b?x=1') as Target),
      JSON.stringify(rules),
    ).toBeTypeOf('boolean');
  }
});

test('whatever a pattern holds, it is compiled or refused with an Error', () => {
  for (let run = 0; run < RUNS; run++) {
    const pattern = text();
    try {
      patternRegExp(pattern).test('/a/b');
    } catch (error) {
      expect(error, pattern).toBeInstanceOf(Error);
    }
  }
});

const PATHS = ['/', '/a', '/a/', '/a/b', '/B/a/a', '/a.a', '/a-B/a', '/%20/a', '/aB'];

test.each([
  ['==', '/'],
  ['=~', '^/'],
])('a rule is found by the start of its path wherever %s holds', (operator, begin) => {
  let compared = 0;
  for (let run = 0; run < RUNS; run++) {
    const right = begin + text();
    const test = compiled(operator as TextRelation, right);
    for (const path of PATHS.filter((one) => test?.passes(one))) {
      const starts: string[] = [];
      eachStart(path, (start) => starts.push(start));
      expect(starts, `${right} ${path}`).toContain(test?.starts[0]);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(100);
});

test('a plain pattern matches the same paths with and without a regular expression', () => {
  const plain = (): string => `/${many(() => pick(['a', 'B', ':id', 'a-b', 'a.b']), 4).join('/') || 'a'}`;
  for (let run = 0; run < RUNS; run++) {
    const pattern = plain();
    const path = `/${many(() => pick(['a', 'b', 'A-B', 'a.b', '']), 5).join('/')}`;
    expect(textTest('==', pattern).passes(path), `${pattern} ${path}`).toBe(
      patternRegExp(pattern).test(path),
    );
  }
});

function compiled(operator: TextRelation, right: string): TextTest | undefined {
  try {
    return textTest(operator, right);
  } catch {
    return undefined;
  }
}
