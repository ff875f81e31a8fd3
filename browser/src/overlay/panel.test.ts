import { expect, it } from 'vitest';
import { dark } from '../../../src/prefetchrouter/static/look.json';
import { STYLE } from './panel';

it('has the dark colours of all pages; imported they would cost visitors the whole table', () => {
  const colours = STYLE.match(/#[0-9a-f]{6}\b/g) ?? [];
  expect(colours).toHaveLength(2);
  for (const colour of colours) expect(Object.values(dark)).toContain(colour);
});
