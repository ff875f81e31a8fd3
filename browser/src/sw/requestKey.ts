import { bodyParameter, methodParameter } from '../core/names.js';

/**
 * The store's key of a request, whatever its method.
 *
 * @param key The key of its URL.
 */
export async function requestKey(request: Request, key: string): Promise<string> {
  if (request.method === 'GET') return key;
  const body = await request.clone().text();
  const parameters = body ? [`${bodyParameter}=${encodeURIComponent(body)}`] : [];
  parameters.push(`${methodParameter}=${request.method.toLowerCase()}`);
  return key + (key.includes('?') ? '&' : '?') + parameters.join('&');
}
