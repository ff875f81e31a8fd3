import { beforeEach, expect, test, vi } from 'vitest';
import { isControl } from './group.js';

let storage: Record<string, string | undefined>;

beforeEach(() => {
  storage = {};
  vi.stubGlobal('localStorage', storage);
});

test('without a control group nothing is drawn', () => {
  expect(isControl({})).toBe(false);
  expect(isControl({ control: 0 })).toBe(false);
  expect(storage).toEqual({});
});

test('a drawn visitor stays in the group, also when the group grows', () => {
  vi.spyOn(Math, 'random').mockReturnValueOnce(0.0312);
  expect([isControl({ control: 0.05 }), isControl({ control: 0.05 })]).toEqual([true, true]);
  expect([isControl({ control: 0.5 }), isControl({ control: 0.03 })]).toEqual([true, false]);
  expect(storage.edgio_group).toBe('0.031');
});

test('as many are drawn as the share says', () => {
  let drawn = 0;
  for (let visitor = 0; visitor < 4000; visitor++) {
    delete storage.edgio_group;
    if (isControl({ control: 0.25 })) drawn++;
  }
  // Four standard deviations.
  expect(Math.abs(drawn - 1000)).toBeLessThan(110);
});

test.each(['x', '', 'NaN'])('a value that others have stored means no control group: "%s"', (text) => {
  storage.edgio_group = text;
  expect(isControl({ control: 0.05 })).toBe(text === '');
});

test('without storage a visitor is in no group', () => {
  vi.stubGlobal('localStorage', undefined);
  expect(isControl({ control: 1 })).toBe(false);
});
