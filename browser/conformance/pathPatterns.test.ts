import { expect, test } from 'vitest';
import { patternRegExp } from '../src/core/pathPattern.js';
import { corpus } from './corpus.js';

interface PatternCases {
  pattern: string;
  cases: { input: string; match: (string | null)[] | null }[];
}

const patterns: PatternCases[] = JSON.parse(corpus('path-patterns.json') ?? '[]');

test('path patterns fit and capture what the published table says', () => {
  const wrong = patterns.flatMap(({ pattern, cases }) =>
    cases.flatMap(({ input, match }) => {
      const found = patternRegExp(pattern).exec(input);
      const actual = found && [...found].map((group) => group ?? null);
      return JSON.stringify(actual) === JSON.stringify(match) ? [] : [{ pattern, input, match, actual }];
    }),
  );
  expect(wrong).toEqual([]);
});
