import type { Hooks, Incoming } from './intake.js';
import { askPage, prefetchOn } from './pages.js';
import type { PrefetcherPlugin } from './types.js';

async function show(
  plugin: PrefetcherPlugin,
  { key, clientId }: Incoming,
  response: Response,
): Promise<void> {
  try {
    await plugin.prefetched({
      url: key,
      response,
      clientId,
      prefetch: prefetchOn(clientId),
      askPage: (message) => askPage(message, clientId),
    });
  } catch (error) {
    console.error(`prefetch: a plugin failed for ${key}:`, error);
  }
}

/** Shows each prefetch that was stored to plugins, in their order; one that fails stops no other. */
export const showTo =
  (plugins: PrefetcherPlugin[]): NonNullable<Hooks['prepare']> =>
  (incoming) => {
    const copies = plugins.map((plugin) => ({ plugin, response: incoming.response.clone() }));
    return async (isStored) => {
      for (const { plugin, response } of copies) {
        if (isStored) await show(plugin, incoming, response);
        else void response.body?.cancel();
      }
    };
  };
