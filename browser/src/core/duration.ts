const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

/** Seconds of a duration such as `"5m"`, `"1w"`, `"1h30m"` or of a number; NaN when it is none. */
export function durationSeconds(value: unknown): number {
  if (typeof value === 'number') return value;
  let seconds = 0;
  const rest = String(value).replace(/(\d+)([smhdwy])/g, (_, count: string, unit: string) => {
    seconds += Number(count) * (SECONDS[unit] as number);
    return '';
  });
  return rest === '' && value !== '' ? seconds : Number.NaN;
}
