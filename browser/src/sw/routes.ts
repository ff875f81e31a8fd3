import { prefetchParameter, routesGlobal } from '../core/names.js';
import { type InstallEvent, scope } from './scope.js';

declare const URLPattern: new (parts: Record<string, string>, options: { ignoreCase: boolean }) => object;

/** Requests that may log a visitor in or out, which empties the store: more rather than less. */
const SESSION = ['in', 'on', 'up', 'out', 'off'].flatMap((end) => [
  `/*log{-}?{_}?${end}*`,
  `/*sign{-}?{_}?${end}*`,
]);

/**
 * Tells the browser for which requests it has to start this worker; others go to the network as without one.
 *
 * The edge puts the patterns of all prefetchable paths in front of the worker. Without them the worker is asked about
 * every request, and only once: a browser without routes sends navigations to the network as well while it starts.
 */
export function addStaticRoutes(event: InstallEvent): void {
  const paths = (scope as unknown as Record<string, string[] | undefined>)[routesGlobal];
  const at = (pathname: string, search = '*'): object => ({
    urlPattern: new URLPattern({ pathname, search }, { ignoreCase: true }),
  });
  const own = (): object[] => [
    at('/*', `*${prefetchParameter}=*`),
    { requestMethod: 'POST', requestMode: 'navigate' },
    ...[...(paths ?? ['/*']), ...SESSION].map((path) => at(path)),
  ];
  if (!event.addRoutes) return;
  const routes = [{ condition: { or: own() }, source: 'fetch-event' }];
  // What was prefetched without a rule is served while the worker is awake.
  if (paths) routes.push({ condition: { runningStatus: 'not-running' }, source: 'network' } as never);
  event.waitUntil(event.addRoutes(routes).catch(console.warn));
}
