import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,conformance}/**/*.test.{ts,tsx}'],
    environmentOptions: { happyDOM: { settings: { handleDisabledFileLoadingAsSuccess: true } } },
    restoreMocks: true,
    unstubGlobals: true,
  },
});
