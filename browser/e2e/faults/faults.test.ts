/** Each numbered fault of the published client that needs a browser is not ours. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from '../support/browsers';
import { launchAround } from '../support/session';
import { CALL_FAULTS } from './calls';
import { LINK_FAULTS } from './links';
import { Stage } from './stage';

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  for (const { number, promise, observe, right } of [...LINK_FAULTS, ...CALL_FAULTS]) {
    it(`fault ${number}: ${promise}`, async () => {
      expect(await observe(new Stage(browser(), 'ours'))).toEqual(right);
    });
  }
});
