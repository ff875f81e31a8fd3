import {
  asBrowsersWrite,
  canonicalTarget,
  splitClientParameters,
  withoutUsualPort,
  withQuery,
} from '../http/target.ts';
import { optional } from '../optional.ts';
import type { EdgeRequest } from '../rules/context.ts';
import type { Substitution } from '../rules/data.ts';
import type { Redirect } from '../rules/ruledDecision.ts';
import { locationOf } from './rewriting.ts';

/** Whether a client that follows a redirect makes the same request again, and so for ever. */
function leadsToItself({ method, scheme, host, path, query }: EdgeRequest, to: Redirect): boolean {
  if (method !== 'GET' && method !== 'HEAD' && to.status !== 307 && to.status !== 308) return false;
  const own = withQuery(path, splitClientParameters(query)[0]);
  const canonical = (other: string, text: string) => {
    const target = canonicalTarget(asBrowsersWrite(other), asBrowsersWrite(text));
    return typeof target === 'string'
      ? undefined
      : withQuery(target.path, splitClientParameters(target.query)[0]);
  };
  if (/^\/(?!\/)/.test(to.location)) {
    const [other = '', ...rest] = (to.location.split('#', 1)[0] ?? '').split('?');
    return canonical(other, rest.join('?')) === own;
  }
  try {
    const url = new URL(to.location, `${scheme}://${host}${withQuery(path, query)}`);
    return (
      url.protocol === `${scheme}:` &&
      withoutUsualPort(url.host, scheme) === withoutUsualPort(host, scheme) &&
      canonical(url.pathname || '/', url.search.slice(1)) === own
    );
  } catch {
    return false;
  }
}

optional.findRedirect = (context, early): Redirect | undefined => {
  const wanted = early.get<Substitution>('url.url_redirect');
  if (!wanted?.to.length) return undefined;
  const location = locationOf(wanted, context);
  if (location === undefined) return undefined;
  const found = { status: wanted.code ?? 302, location };
  // With a cookie the next request is another one.
  const cookie = ['set_response_headers.set-cookie', 'add_response_headers.set-cookie'];
  const sets = cookie.some((key) => early.values.has(`headers.${key}`));
  return !sets && leadsToItself(context.request, found) ? undefined : found;
};
