/**
 * Headers that a browser sets itself, and that stay as they are during a visit. `Accept` is compared separately, and
 * the store is emptied when the visitor's languages change.
 */
const CONSTANT =
  /^(accept-(charset|encoding|language)|device-memory|dnt|origin|priority|sec-(ch-ua.*|gpc)|upgrade-insecure-requests|user-agent)$/i;

/** Headers that a worker does not see, and that pages, visitors or networks change between two requests. */
const CHANGING = /^(cookie|downlink|dpr|ect|(x-)?purpose|referer|rtt|save-data|sec-.+|(viewport-)?width)$/i;

/** Whether a request asks for the type of a response by name, or for any. */
function accepts(request: Request, response: Response): boolean {
  const accept = request.headers.get('accept') ?? '*/*';
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  return accept === '*/*' || accept.includes(type.trim()) || accept.includes(`${type.split('/')[0]}/*`);
}

/**
 * Whether a response is one for every request of its URL like this one, as far as `Vary` goes.
 *
 * Not when it varies by a header that may be another one at the next request, such as `Cookie`: what the visitor
 * does meanwhile, a log-in for one, changes the page. Nor when it varies by one that a script has set, such as
 * `HX-Request` or `X-Inertia`: then a part of a page and the page have the same URL. Where it varies by `Accept`,
 * the request must accept its type.
 */
export function matchesVary(request: Request, response: Response): boolean {
  const names = response.headers.get('vary')?.match(/[\w-]+/g) ?? [];
  return names.every((name) =>
    /^accept$/i.test(name)
      ? accepts(request, response)
      : CONSTANT.test(name) || !(CHANGING.test(name) || request.headers.has(name)),
  );
}
