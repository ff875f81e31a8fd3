import { defineConfig } from 'vitest/config';

/** The packed package in apps of users, one file for each browser, both at a time. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    globalSetup: './support/prepare.ts',
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
});
