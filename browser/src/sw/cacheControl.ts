/** Directives of a `Cache-Control`-like header by lower-case name; spaces and quotes around values are dropped. */
export function directives(header: string | null): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of (header ?? '').split(',')) {
    const [name = '', value = ''] = part.split('=');
    found.set(name.trim().toLowerCase(), value.trim().replaceAll('"', ''));
  }
  return found;
}

/** Seconds that a header allows a response to be kept: 0 for none, NaN when it says nothing about it. */
export function maxAgeSeconds(header: string | null): number {
  const given = directives(header);
  if (given.has('no-store') || given.has('no-cache')) return 0;
  return Math.max(0, Number.parseInt(given.get('max-age') ?? '', 10));
}
