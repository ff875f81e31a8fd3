import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { MeasuredView } from '../core/pageTypes.js';
import { beaconQuery, Sender } from './beacon.js';

const VIEW: MeasuredView = {
  group: 'prefetch',
  share: 0.05,
  browser: 'firefox',
  source: 'store',
  navigation: 'click',
  rule: '/products/:id',
  ttfb: 12.4,
  lcp: 300.6,
  rules: [{ rule: '/products/:id', prefetched: 5, used: 1, refused: 2 }],
};

test('a beacon has every figure that is known, and no other', () => {
  expect(Object.fromEntries(new URLSearchParams(beaconQuery(VIEW)))).toEqual({
    edgio_view: '1',
    group: 'prefetch',
    share: '0.05',
    browser: 'firefox',
    source: 'store',
    navigation: 'click',
    rule: '/products/:id',
    ttfb: '12',
    lcp: '301',
    by: '5 1 2 /products/:id',
  });
});

test('a beacon is short enough for any server, however many rules there are', () => {
  const rules = Array.from({ length: 100 }, (_, at) => ({
    rule: `/${'a'.repeat(100)}/${at}`,
    prefetched: 1,
    used: 0,
    refused: 0,
  }));
  const query = beaconQuery({ ...VIEW, rules });
  expect(query.length).toBeLessThanOrEqual(2000);
  expect(new URLSearchParams(query).getAll('by').length).toBeGreaterThan(10);
});

describe('without fetchLater', () => {
  const sendBeacon = vi.fn();
  beforeEach(() => {
    sendBeacon.mockClear();
    vi.stubGlobal('fetchLater', undefined);
    vi.stubGlobal('navigator', { sendBeacon });
  });

  test('the page sends it, and once', () => {
    const sender = new Sender('/views?site=a');
    expect(sender.plan(VIEW)).toBe(false);
    sender.send(VIEW);
    sender.send(VIEW);
    expect(sendBeacon.mock.calls).toEqual([[`/views?site=a&${beaconQuery(VIEW)}`]]);
  });

  test('a function gets the view itself, and once', () => {
    const called = vi.fn();
    const sender = new Sender(called);
    expect(sender.plan(VIEW)).toBe(false);
    sender.send(VIEW);
    sender.send(VIEW);
    expect(called.mock.calls).toEqual([[VIEW]]);
    expect(sendBeacon).not.toHaveBeenCalled();
  });
});

describe('with fetchLater', () => {
  const results: { activated: boolean; signal: AbortSignal; address: string }[] = [];
  beforeEach(() => {
    results.length = 0;
    vi.stubGlobal('fetchLater', (address: string, { signal }: { signal: AbortSignal }) => {
      results.push({ activated: false, signal, address });
      return results.at(-1);
    });
  });

  test('the browser sends the last of several', () => {
    const sender = new Sender('/views');
    expect(sender.plan({ ...VIEW, lcp: 1 })).toBe(true);
    expect(sender.plan({ ...VIEW, lcp: 2 })).toBe(true);
    expect(results.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(results[1]?.address).toContain('lcp=2');
  });

  test('what the browser has sent is not sent again', () => {
    const sender = new Sender('/views');
    sender.plan(VIEW);
    (results[0] as { activated: boolean }).activated = true;
    expect(sender.plan({ ...VIEW, lcp: 9 })).toBe(true);
    expect(results).toHaveLength(1);
  });

  test('the page sends it where the browser refuses', () => {
    const sendBeacon = vi.fn();
    vi.stubGlobal('navigator', { sendBeacon });
    vi.stubGlobal('fetchLater', () => {
      throw new Error('quota');
    });
    const sender = new Sender('/views');
    expect(sender.plan(VIEW)).toBe(false);
    sender.send(VIEW);
    expect(sendBeacon).toHaveBeenCalledOnce();
  });
});
