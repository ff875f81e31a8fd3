import { expect, test } from 'vitest';
import { compileManifest } from '../src/core/manifest.js';
import { type Target, targetOf } from '../src/core/target.js';
import { corpus } from './corpus.js';

interface Decisions {
  rules: unknown[];
  urls: string[];
  prefetch: boolean[];
}

const lines = (corpus('client-decisions.jsonl') ?? '').split('\n').filter(Boolean);

test('the same URLs are prefetchable as in the published client', () => {
  const wrong = lines.flatMap((line, number) => {
    const { rules, urls, prefetch }: Decisions = JSON.parse(line);
    const prefetchable = compileManifest(rules, (problem) => expect.fail(problem));
    return urls.flatMap((url, at) =>
      prefetchable(targetOf(url) as Target) === prefetch[at]
        ? []
        : [{ line: number + 1, url, published: prefetch[at] }],
    );
  });
  expect(wrong).toEqual([]);
});
