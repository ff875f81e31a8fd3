import { describe, expect, it } from 'vitest';
import { deltaSeconds, directives, seconds, targeted } from './cacheControl.ts';
import { acceptedCoding } from './codings.ts';
import { dateText, httpDate } from './dates.ts';
import { endToEnd, fieldsOf } from './fields.ts';
import { isCachedOnly, isForeignPrefetch, showsNoPage } from './prefetches.ts';
import { rangeResponse } from './ranges.ts';
import { dictionary, isList, quoted } from './structured.ts';
import { asBrowsersWrite, canonicalTarget, pathForRules, splitClientParameters } from './target.ts';
import { freshened, isAbout, isNotModified } from './validators.ts';
import { isSelected, selecting, varyNames } from './vary.ts';

describe('dates', () => {
  it.each([
    ['Thu, 01 Jan 1970 00:15:00 GMT', 900],
    ['thu, 01 jan 1970 00:15:00 gmt', 900],
    ['Thursday, 01-Jan-70 00:15:00 GMT', 900],
    ['Thu Jan  1 00:15:00 1970', 900],
    ['Thu, 31 Dec 1970 23:59:60 GMT', 31_536_000],
    ['Thu, 01 Jan 1970 00:15:00 UTC', undefined],
    ['Thu, 31 Feb 1970 00:15:00 GMT', undefined],
    ['Thu, 01 Jan 1970 24:00:00 GMT', undefined],
    ['', undefined],
  ])('reads %s', (text, moment) => expect(httpDate(text)).toBe(moment));

  it('takes no year of two digits for more than 50 years ahead', () => {
    const now = Date.UTC(2026, 10, 30) / 1000;
    expect(dateText(httpDate('Monday, 30-Nov-76 00:00:00 GMT', now) ?? 0)).toContain('2076');
    expect(dateText(httpDate('Tuesday, 01-Dec-76 00:00:00 GMT', now) ?? 0)).toContain('1976');
  });
});

describe('directives', () => {
  it('keeps the first of repeated ones, and commas in quotes', () => {
    const found = directives('max-age=0, Private="x,y", max-age=900, , must-revalidate');
    expect([...found]).toEqual([
      ['max-age', '0'],
      ['private', '"x,y"'],
      ['must-revalidate', null],
    ]);
  });

  it('counts what is not a number as 0, and large ones as 2^31', () => {
    expect(seconds(directives('max-age=abc'), 'max-age')).toBe(0);
    expect(seconds(directives('a'), 'max-age')).toBeUndefined();
    expect(deltaSeconds('9'.repeat(50))).toBe(2 ** 31);
  });

  it('ignores a targeted field that is invalid', () => {
    expect(targeted(fieldsOf([['cdn-cache-control', 'max-age=60,']]))).toBeUndefined();
    expect(targeted(fieldsOf([['cdn-cache-control', 'max-age=60;x, private']]))?.get('max-age')).toBe('60');
  });
});

describe('structured fields', () => {
  it.each([
    [
      'a=1, b, c="x\\"y", d=?0',
      [
        ['a', '1'],
        ['b', null],
        ['c', '"x"y"'],
        ['d', null],
      ],
    ],
    [
      'a=(1 "b");q=1.5, d=:aGk=:',
      [
        ['a', ''],
        ['d', ''],
      ],
    ],
  ])('reads the dictionary %s', (text, members) => expect([...(dictionary(text) ?? [])]).toEqual(members));

  it.each(['a=', 'A=1', 'a=1,', 'a=1 b', '&', 'a=1.2345'])('refuses the dictionary %s', (text) => {
    expect(dictionary(text)).toBeUndefined();
  });

  it('tells lists from other text', () => {
    expect(['Other; fwd=miss, Own; hit', '', 'Other; fwd=', 'a,,b'].map(isList)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(quoted('a"\\é')).toBe('"a\\"\\\\?"');
  });
});

describe('targets', () => {
  it.each([
    ['/%7eann/caf%c3%a9', 'a=%2f', { path: '/~ann/caf%C3%A9', query: 'a=%2F' }],
    ['/a//b', '', { path: '/a//b', query: '' }],
    ['/a/%2E%2e/b', '', 'the path holds a dot segment'],
    ['/a/..;x/b', '', 'the path holds a dot segment'],
    ['/a\\b', '', 'the target holds a backslash'],
    ['/a%2x', '', '"%2x" is not a percent-escape'],
    ['/%00', '', 'the path holds a control character'],
    ['/%C0%AE', '', '%C0%A in the path begins an overlong character'],
    ['*', '', 'the target is not a path'],
  ])('has a canonical form of %s?%s', (path, query, found) =>
    expect(canonicalTarget(path, query)).toEqual(found),
  );

  it('shows paths to rules without needless escapes', () => {
    expect(pathForRules('//%40ann/caf%C3%A9/a%2Bb')).toBe('/@ann/caf%C3%A9/a+b');
    expect(asBrowsersWrite('/a b/é')).toBe('/a%20b/%C3%A9');
  });

  it('finds the parameters of prefetching however they are encoded', () => {
    expect(splitClientParameters('%65dgio_prefetch=1&a=1&&edgio_x')).toEqual([
      'a=1&',
      '%65dgio_prefetch=1&edgio_x',
    ]);
  });
});

describe('prefetches', () => {
  it('knows its own by one parameter', () => {
    expect(['a&edgio_prefetch=1', 'x=edgio_prefetch=1', 'edgio_prefetch=10'].map(isCachedOnly)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['sec-purpose', 'prefetch;prerender', true],
    ['sec-purpose', 'prefetching', false],
    ['x-moz', 'Prefetch', true],
    ['purpose', 'other', false],
  ])('%s: %s', (name, value, isForeign) => {
    expect(isForeignPrefetch(fieldsOf([[name, value]]), '')).toBe(isForeign);
  });

  it('refuses statuses that show no page', () => {
    const none = fieldsOf([]);
    expect([204, 205, 206, 304, 200].map((status) => showsNoPage(status, none))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(showsNoPage(206, fieldsOf([['range', 'bytes=0-1']]))).toBe(false);
  });
});

describe('fields', () => {
  it('lose those of the connection, and those that it names', () => {
    const fields = fieldsOf([
      ['Connection', 'x-a, Vary'],
      ['X-A', '1'],
      ['Vary', 'a'],
      ['TE', 'x'],
    ]);
    expect([...endToEnd(fields).keys()]).toEqual(['vary']);
  });

  it('select a stored response by Vary', () => {
    expect(
      varyNames(
        fieldsOf([
          ['vary', 'Cookie, Accept'],
          ['vary', 'accept'],
        ]),
      ),
    ).toEqual(['accept', 'cookie']);
    expect(varyNames(fieldsOf([['vary', 'a, *']]))).toBeUndefined();
    const variant = selecting(['accept', 'cookie'], fieldsOf([['accept', 'a/b , c/d']]));
    expect(
      isSelected(
        variant,
        fieldsOf([
          ['accept', 'a/b,'],
          ['accept', 'c/d'],
        ]),
      ),
    ).toBe(false);
    expect(
      isSelected(
        variant,
        fieldsOf([
          ['accept', 'a/b'],
          ['accept', 'c/d'],
        ]),
      ),
    ).toBe(true);
  });

  it('compare validators weakly for 304', () => {
    const stored = fieldsOf([
      ['etag', '"a"'],
      ['cache-control', 'max-age=5'],
      ['age', '5'],
    ]);
    expect(isNotModified(fieldsOf([['if-none-match', '"b", W/"a"']]), 200, stored)).toBe(true);
    expect(isNotModified(fieldsOf([['if-none-match', '*']]), 404, stored)).toBe(false);
    expect(isAbout(stored, fieldsOf([['etag', 'W/"a"']]))).toBe(true);
    expect(isAbout(stored, fieldsOf([['etag', '"b"']]))).toBe(false);
    const updated = freshened(
      stored,
      fieldsOf([
        ['cache-control', 'max-age=9'],
        ['content-length', '0'],
      ]),
    );
    expect([...updated]).toEqual([
      ['etag', ['"a"']],
      ['cache-control', ['max-age=9']],
    ]);
  });

  it.each([
    ['br, gzip;q=0.5', 'br', 'gzip'],
    ['gzip, deflate, br, zstd', 'br', 'gzip'],
    ['gzip, br;q=0.5', 'gzip', 'gzip'],
    ['gzip;q=0', undefined, undefined],
    ['br;q=0, *', 'gzip', 'gzip'],
    ['*', 'br', 'gzip'],
    ['x-gzip', 'gzip', 'gzip'],
    ['identity, gzip;q=0.5', undefined, undefined],
    ['gzip;level=1', undefined, undefined],
    ['', undefined, undefined],
  ])('weigh "%s"', (text, best, gzip) => {
    const fields = fieldsOf([['accept-encoding', text]]);
    expect(acceptedCoding(fields, ['br', 'gzip'])).toBe(best);
    expect(acceptedCoding(fields, ['gzip'])).toBe(gzip);
  });
});

describe('ranges', () => {
  const body = new TextEncoder().encode('abcdef');
  const headers = fieldsOf([
    ['content-type', 'text/plain'],
    ['etag', '"a"'],
  ]);
  const part = (range: string, ...more: [string, string][]) =>
    rangeResponse('GET', fieldsOf([['range', range], ...more]), headers, body, false);
  const text = (found: ReturnType<typeof part>) => found && new TextDecoder().decode(found.body);

  it.each([
    ['bytes=1-2', 206, 'bc'],
    ['bytes=-2', 206, 'ef'],
    ['bytes = 4-', 206, 'ef'],
    ['bytes=9-', 416, ''],
    ['bytes=2-1', undefined, undefined],
    ['bytes=0-3,2-4', undefined, undefined],
    ['lines=1-2', undefined, undefined],
  ])('%s', (range, status, found) => {
    expect(part(range)?.status).toBe(status);
    expect(text(part(range))).toBe(found);
  });

  it('sends several as parts', () => {
    const found = part('bytes=0-0,5-5');
    expect(found?.headers.get('content-type')?.[0]).toMatch(/^multipart\/byteranges; boundary=/);
    expect(text(found)?.match(/content-range: bytes [^\r]*/g)).toEqual([
      'content-range: bytes 0-0/6',
      'content-range: bytes 5-5/6',
    ]);
  });

  it('heeds If-Range with a strong tag only', () => {
    expect(part('bytes=0-0', ['if-range', '"a"'])?.status).toBe(206);
    expect(part('bytes=0-0', ['if-range', 'W/"a"'])).toBeUndefined();
  });
});
