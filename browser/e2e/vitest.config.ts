import { defineConfig } from 'vitest/config';

/** Real browsers: two test files at a time, each with browsers of its own. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    globalSetup: './support/setup.ts',
    maxWorkers: 2,
    // A browser under load may lose a race of its own once; a fault of ours fails twice.
    retry: 1,
    testTimeout: 40_000,
    hookTimeout: 60_000,
  },
});
