/** The same observations of the published client: it still has these faults, so the tests can find them. */
import { describe, expect, it } from 'vitest';
import { launchAround } from '../support/session';
import { CALL_FAULTS } from './calls';
import { LINK_FAULTS } from './links';
import { Stage } from './stage';

describe('the published client in chromium', () => {
  const browser = launchAround('chromium');

  for (const { number, promise, observe, published } of [...LINK_FAULTS, ...CALL_FAULTS]) {
    if (published === undefined) continue;
    it(`fault ${number}: it is not so that ${promise}`, async () => {
      expect(await observe(new Stage(browser(), 'published'))).toEqual(published);
    });
  }
});
