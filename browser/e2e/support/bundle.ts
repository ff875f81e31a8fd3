import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/** What Workbox's build puts into a worker: the files to precache. */
export type Precached = readonly { url: string; revision: string | null }[];

/** Bundle a file of this package, or some lines of module source, as a site would. */
export async function bundle(
  entry: { file: string } | { source: string },
  precached: Precached = [],
): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    ...('file' in entry
      ? { entryPoints: [entry.file] }
      : { stdin: { contents: entry.source, resolveDir: ROOT, loader: 'ts' } }),
    bundle: true,
    write: false,
    format: 'iife',
    define: {
      'process.env.NODE_ENV': '"production"',
      'self.__WB_MANIFEST': JSON.stringify(precached),
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
