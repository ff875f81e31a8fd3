import { defineConfig } from 'vitest/config';

/** `npm run bench` and `npm run screenshots`: real browsers too, but no tests of behaviour. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.tool.ts'],
    globalSetup: '../support/setup.ts',
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
