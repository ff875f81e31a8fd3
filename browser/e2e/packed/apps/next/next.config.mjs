const BUILD = process.env.BUILD ?? 'A';

export default {
  i18n: { locales: ['en', 'fr'], defaultLocale: 'en' },
  distDir: `.next-${BUILD}`,
  env: { BUILD },
  generateBuildId: () => BUILD,
};
