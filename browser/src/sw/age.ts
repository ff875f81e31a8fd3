/** Seconds since the response was made: its `Age`, or how long ago its `Date` is. */
export function ageSeconds(headers: Headers): number {
  const age = Number.parseInt(headers.get('age') ?? '', 10) || 0;
  const sinceDate = (Date.now() - Date.parse(headers.get('date') ?? '')) / 1000 || 0;
  return Math.max(age, sinceDate, 0);
}
