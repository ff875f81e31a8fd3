import { describe, expect, it, vi } from 'vitest';
import { compileQuery } from './jsonQuery.js';

const DOCUMENT = {
  Bundles: [
    {
      Products: [
        { Img: '/a', price: 5 },
        { Img: '/b', price: 9 },
      ],
    },
    { Products: [{ Img: '/c', price: 1 }] },
  ],
  lookup: { x: { u: 1 }, y: { u: 2 } },
  groups: { first: [{ n: 1 }, { n: 2 }], second: [{ n: 3 }] },
  people: [
    { name: 'Matt', c: 'NZ', r: 3 },
    { name: 'Pete', c: 'AU', r: 5 },
    { name: 'Mikey', c: 'NZ', r: 1 },
  ],
};

const value = (query: string, options = {}): unknown => compileQuery(query, options)(DOCUMENT);

describe('a query finds', () => {
  it.each([
    ['people.name', ['Matt', 'Pete', 'Mikey']],
    ['people[0].name', 'Matt'],
    ['people[c=NZ].name', 'Matt'],
    ['people[*c=NZ].name', ['Matt', 'Mikey']],
    ['people[*r>=3].name', ['Matt', 'Pete']],
    ['people[* r >= 3 & c = AU].name', ['Pete']],
    ['people[*c!=NZ].name', ['Pete']],
    ['lookup[*].u', [1, 2]],
    ['Bundles.Products.Img', ['/a', '/b', '/c']],
    ['Bundles[*].Products.Img', ['/a', '/b', '/c']],
    ['Bundles.[**].Products.Img', ['/a', '/b', '/c']],
    ['Bundles[**].Img', []],
    ['nope', undefined],
    ['people[9].name', null],
    ['people[c=XX].name', null],
    ['people[*c=XX].name', []],
    ['nope|people.name', ['Matt', 'Pete', 'Mikey']],
  ])('%s', (query, expected) => {
    expect(value(query)).toEqual(expected);
  });

  it.each([
    ['people[*r>3].name', ['Pete']],
    ['people[*r<3].name', ['Mikey']],
    ['people[*r<=3].name', ['Matt', 'Mikey']],
    ['people[*c=AU | r=1].name', ['Pete', 'Mikey']],
    ['people[*c=AU | c=NZ & r=1].name', ['Mikey']],
    ['groups[*].n', []],
    ['groups[**].n', [1, 2, 3]],
    ['lookup.x.u', 1],
    ['[lookup].x.u', 1],
    ['Bundles.Products[*price>4].Img', ['/a', '/b']],
    ['', DOCUMENT],
  ])('%s, as the json-query library does', (query, expected) => {
    expect(value(query)).toEqual(expected);
  });
});

describe('a helper', () => {
  it('filters as in the guide', () => {
    const products = (input: unknown[]): unknown[] => input.filter(Boolean);
    const withNull = { Bundles: [{ Products: [null, { MediumImageFile: '/m' }] }, { Products: null }] };
    const find = compileQuery('Bundles.[**].Products:products(Product).MediumImageFile', {
      locals: { products },
    });
    expect(find(withNull)).toEqual(['/m']);
  });

  it('is given the value and its arguments as strings', () => {
    const spy = vi.fn(() => 'result');
    expect(value('people.name:spy(a, 2)', { locals: { spy } })).toBe('result');
    expect(spy).toHaveBeenCalledWith(['Matt', 'Pete', 'Mikey'], 'a', '2');
  });

  it('comes from globals when locals has none of that name', () => {
    const first = (input: unknown[]): unknown => input[0];
    expect(value('people.name:first', { globals: { first } })).toBe('Matt');
  });
});

it('matches a pattern only where the options allow it', () => {
  expect(value('people[*name~/^m/i].name', { allowRegexp: true })).toEqual(['Matt', 'Mikey']);
  expect(() => value('people[*name~/^m/i].name')).toThrow('needs allowRegexp: true');
});

it('passes over null members of a list', () => {
  expect(compileQuery('list.url')({ list: [null, { url: '/a' }, {}] })).toEqual(['/a']);
});

describe('a query that cannot be read is refused with its text and what is wrong:', () => {
  it.each([
    ['people[', 'brackets do not match'],
    ['people]', 'brackets do not match'],
    ['people:nosuch', 'the helper "nosuch" is not in jsonQueryOptions.locals'],
    ['people[=3]', 'expected key=value, found "=3"'],
    ['people[name~x]', 'expected ~/pattern/flags'],
    ['people:', 'cannot read ":"'],
  ])('%s', (query, what) => {
    expect(() => value(query, { allowRegexp: true })).toThrow(`jsonQuery ${JSON.stringify(query)}: ${what}`);
  });
});

it('any text is a query that works or is refused with a SyntaxError', () => {
  const alphabet = [
    'people',
    'name',
    'c',
    '.',
    '[',
    ']',
    '*',
    '**',
    ':',
    '(',
    ')',
    '|',
    '&',
    '=',
    '>',
    '~',
    '/',
    ' ',
    '1',
  ];
  let seed = 1;
  const draw = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 5_000; round++) {
    const query = Array.from({ length: draw(12) }, () => alphabet[draw(alphabet.length)]).join('');
    let find: (data: unknown) => unknown;
    try {
      find = compileQuery(query, { allowRegexp: true });
    } catch (error) {
      expect(error, query).toBeInstanceOf(SyntaxError);
      continue;
    }
    expect(() => find(DOCUMENT), query).not.toThrow();
  }
});
