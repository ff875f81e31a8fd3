import { bodyParameter, methodParameter } from '../core/names.js';
import { storeKey } from '../core/storeKey.js';

/** The store's key of a request: its URL on the page's host, without our parameters, whatever its method. */
export async function requestKey(request: Request, origin: string, cacheHost?: string): Promise<string> {
  const url = storeKey(request.url, origin, cacheHost);
  if (request.method === 'GET') return url;
  const body = await request.clone().text();
  const parameters = body ? [`${bodyParameter}=${encodeURIComponent(body)}`] : [];
  parameters.push(`${methodParameter}=${request.method.toLowerCase()}`);
  return url + (url.includes('?') ? '&' : '?') + parameters.join('&');
}
