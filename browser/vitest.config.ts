import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['{src,conformance}/**/*.test.{ts,tsx}'], restoreMocks: true, unstubGlobals: true },
});
