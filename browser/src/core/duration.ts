const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** A site has few different durations and many rules. */
const known = new Map<string, number>();

function read(text: string): number {
  let seconds = 0;
  const rest = text.replace(/(\d+)([smhdwy])/g, (_, count: string, unit: string) => {
    seconds += Number(count) * (SECONDS[unit] as number);
    return '';
  });
  return rest || !text ? Number.NaN : seconds;
}

/** Seconds of a duration such as `"5m"`, `"1w"`, `"1h30m"` or of a number; NaN if it is invalid. */
export function durationSeconds(value: unknown): number {
  if (typeof value === 'number') return value;
  const text = String(value);
  const seconds = known.get(text) ?? read(text);
  known.set(text, seconds);
  return seconds;
}
