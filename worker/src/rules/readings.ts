import type { Context } from './context.ts';
import type { Reading } from './data.ts';

export type Read = (context: Context) => string | undefined;

/** What is read by each kind; docs of `prefetchrouter.lowering.readings` say what each of them gives. */
export const KINDS: Record<string, (context: Context, name: string) => string | undefined> = {
  path: (context) => context.path,
  method: ({ request }) => request.method,
  parameter: (context, name) => context.parameter(name),
  header: (context, name) => context.header(name),
  cookie: (context, name) => context.cookies.get(name),
};

const LATE = /^(?:status|content-length|response-header-like|cache-status)(?: |$)/;

/** Whether a reading is known only once there is a response. */
export const isLate = (reading: Reading): boolean =>
  typeof reading === 'string'
    ? LATE.test(reading)
    : LATE.test(reading[0]) || (reading[2] !== null && isLate(reading[2]));

function plain(reading: string): Read {
  const at = reading.indexOf(' ');
  const kind = KINDS[at < 0 ? reading : reading.slice(0, at)];
  const name = at < 0 ? '' : reading.slice(at + 1);
  return (context) => kind?.(context, name);
}

const known = new Map<string, Read>();

/** How something is read of a request: by a kind and a name, perhaps with what is put around it. */
export function reader(reading: Reading): Read {
  if (typeof reading !== 'string') {
    const [kind, missing, otherwise, before, empty] = reading;
    const own = plain(kind);
    const other = otherwise === null ? undefined : reader(otherwise);
    return (context) => {
      const found = own(context);
      if (found !== undefined && found !== empty) return before + found;
      return other?.(context) ?? missing ?? undefined;
    };
  }
  let found = known.get(reading);
  if (!found) {
    found = plain(reading);
    known.set(reading, found);
  }
  return found;
}
