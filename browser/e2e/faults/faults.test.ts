/** Each numbered fault of the published client that needs a browser: ours does right, that one does not. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from '../support/browsers';
import { launchAround } from '../support/session';
import { CALL_FAULTS } from './calls';
import { LINK_FAULTS } from './links';
import { Stage } from './stage';

const FAULTS = [...LINK_FAULTS, ...CALL_FAULTS];

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  for (const { number, promise, observe, right } of FAULTS) {
    it(`fault ${number}: ${promise}`, async () => {
      expect(await observe(new Stage(browser(), 'ours'))).toEqual(right);
    });
  }
});

describe('the published client in chromium', () => {
  const browser = launchAround('chromium');

  for (const { number, promise, observe, published } of FAULTS) {
    if (published === undefined) continue;
    it(`fault ${number}: it is not so that ${promise}`, async () => {
      expect(await observe(new Stage(browser(), 'published'))).toEqual(published);
    });
  }
});
