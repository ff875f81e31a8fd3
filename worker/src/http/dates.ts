const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<time>\\d\\d:\\d\\d:\\d\\d)';
/** IMF-fixdate, the form of RFC 850, and that of asctime. */
const FORMS = [
  `(?:mon|tue|wed|thu|fri|sat|sun), (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} gmt`,
  `(?:mon|tues|wednes|thurs|fri|satur|sun)day, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} gmt`,
  `(?:mon|tue|wed|thu|fri|sat|sun) ${MONTH} (?<day>\\d\\d| \\d) ${TIME} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`, 'i'));

/** A moment within the leap year 2000, so that those of different years compare. */
const within = (month: number, day: number, time: readonly number[]): number =>
  Date.UTC(2000, month, day, time[0], time[1], time[2]);

/** The year for two digits: none is more than 50 years ahead of the time; without one, 1970 to 2069. */
function wholeYear(digits: number, rest: number, now?: number): number {
  const today = now === undefined ? undefined : new Date(now * 1000);
  const last = today ? today.getUTCFullYear() + 50 : 2069;
  const year = last - ((last - digits) % 100);
  if (!today || year !== last) return year;
  const time = [today.getUTCHours(), today.getUTCMinutes(), today.getUTCSeconds()];
  return rest > within(today.getUTCMonth(), today.getUTCDate(), time) ? year - 100 : year;
}

/**
 * The seconds since 1970 of an HTTP date, undefined for any other text (RFC 9110, section 5.6.7).
 *
 * A leap second, 23:59:60, is the second after it. The name of the weekday need not be that of the date.
 */
export function httpDate(text: string, now?: number): number | undefined {
  if (!text || text.length > 64) return undefined;
  const found = FORMS.map((form) => form.exec(text)).find(Boolean)?.groups;
  if (!found) return undefined;
  const { day = '', month = '', year = '', time = '' } = found;
  const leap = time === '23:59:60';
  const [hour = 0, minute = 0, second = 0] = (leap ? '23:59:59' : time).split(':').map(Number);
  const number = MONTHS.indexOf(month.toLowerCase());
  const rest = within(number, Number(day), [hour, minute, second]);
  const full = year.length === 2 ? wholeYear(Number(year), rest, now) : Number(year);
  const moment = new Date(0);
  moment.setUTCFullYear(full, number, Number(day));
  moment.setUTCHours(hour, minute, second);
  const exists = moment.getUTCDate() === Number(day) && hour < 24 && minute < 60 && second < 60 && full > 0;
  return exists ? moment.getTime() / 1000 + Number(leap) : undefined;
}

/** A time in seconds since 1970 as an HTTP date. */
export const dateText = (seconds: number): string => new Date(Math.floor(seconds) * 1000).toUTCString();
