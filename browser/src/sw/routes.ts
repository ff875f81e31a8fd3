import { prefetchParameter, routesGlobal } from '../core/names.js';
import { type InstallEvent, scope } from './scope.js';

declare const URLPattern: new (
  parts: Record<string, string>,
  options: { ignoreCase: boolean },
) => { test: (href: string) => boolean };

type Pattern = InstanceType<typeof URLPattern>;

/** The paths of all prefetchable pages, which the edge puts in front of this worker; undefined if it has not. */
const paths = (scope as unknown as Record<string, string[] | undefined>)[routesGlobal];

const at = (pathname: string, search = '*'): Pattern =>
  new URLPattern({ pathname, search }, { ignoreCase: true });

let ruled: Pattern[] | undefined;

/** Whether it is known that no rule makes a URL prefetchable. */
export function hasNoRule(href: string): boolean {
  if (!paths || !('URLPattern' in scope)) return false;
  ruled ??= paths.map((path) => at(path));
  return !ruled.some((pattern) => pattern.test(href));
}

/** Requests that may log a visitor in or out, which empties the store: more rather than less. */
const SESSION = ['in', 'on', 'up', 'out', 'off'].flatMap((end) => [
  `/*log{-}?{_}?${end}*`,
  `/*sign{-}?{_}?${end}*`,
]);

/**
 * Tells the browser for which requests it has to start this worker; others go to the network as without one.
 *
 * Without the paths of rules the worker is asked about every request, and only once: a browser without routes sends
 * navigations to the network as well while it starts.
 */
export function addStaticRoutes(event: InstallEvent): void {
  if (!event.addRoutes) return;
  const own = [
    at('/*', `*${prefetchParameter}=*`),
    ...[...(paths ?? ['/*']), ...SESSION].map((path) => at(path)),
  ].map((urlPattern): object => ({ urlPattern }));
  own.push({ requestMethod: 'POST', requestMode: 'navigate' });
  const routes = [{ condition: { or: own }, source: 'fetch-event' }];
  // What was prefetched without a rule is served while the worker is awake.
  if (paths) routes.push({ condition: { runningStatus: 'not-running' }, source: 'network' } as never);
  event.waitUntil(event.addRoutes(routes).catch(console.warn));
}
