import { after } from '../core/after.js';
import type { Delivery } from '../core/protocol.js';
import type { Port } from './scope.js';

/** A page that was closed silently delivers nothing. */
const PATIENCE_MILLISECONDS = 30_000;

/** The response that a page hands over, or undefined if the worker has to request it. */
export async function delivered(port: Port): Promise<Response | undefined> {
  const delivery = await Promise.race([
    new Promise<Delivery>((resolve) => {
      port.onmessage = ({ data }) => resolve(data);
    }),
    after(PATIENCE_MILLISECONDS),
  ]);
  if (!delivery) return undefined;
  return delivery.status ? new Response(delivery.body, delivery) : Response.error();
}
