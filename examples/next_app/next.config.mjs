export default { generateBuildId: () => 'tea-1', poweredByHeader: false, productionBrowserSourceMaps: false };
