import { defineConfig } from 'vitest/config';

/** Real browsers: two test files at a time, each with its own browsers. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // These have a setup that takes longer than they: npm run packed.
    exclude: ['packed/**'],
    globalSetup: './support/setup.ts',
    maxWorkers: 2,
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 40_000,
    hookTimeout: 60_000,
  },
});
