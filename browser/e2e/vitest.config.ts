import { defineConfig } from 'vitest/config';

/** Real browsers: two test files at a time, each with its own browsers. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    globalSetup: './support/setup.ts',
    maxWorkers: 2,
    testTimeout: 40_000,
    hookTimeout: 60_000,
  },
});
