/** Headers that a browser sets itself, equal on all its requests; `Accept` is not, and is compared separately. */
const BROWSERS_OWN =
  /^(accept-.+|cookie|device-memory|dnt|downlink|dpr|ect|origin|priority|referer|rtt|save-data|sec-.+|upgrade-insecure-requests|user-agent|viewport-width|width)$/i;

/** Whether a request asks for the type of a response by name, or for any. */
function accepts(request: Request, response: Response): boolean {
  const accept = request.headers.get('accept') ?? '*/*';
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  return accept === '*/*' || accept.includes(type.trim()) || accept.includes(`${type.split('/')[0]}/*`);
}

/**
 * Whether a response is one for every request of its URL like this one, as far as `Vary` goes.
 *
 * Not when it varies by a header that a script has set, such as `HX-Request` or `X-Inertia`: then a part of a page
 * and the page have the same URL. Where it varies by `Accept`, the request must accept its type.
 */
export function matchesVary(request: Request, response: Response): boolean {
  const names = response.headers.get('vary')?.match(/[\w-]+/g) ?? [];
  return names.every((name) =>
    /^accept$/i.test(name)
      ? accepts(request, response)
      : BROWSERS_OWN.test(name) || !request.headers.has(name),
  );
}
