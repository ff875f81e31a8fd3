import { type Fields, members, trim } from './fields.ts';

/** The request headers by which a response was selected; null for a missing one. */
export type Variant = readonly (readonly [name: string, value: string | null])[];

/** The request headers that Vary names, sorted; undefined for `*` or what is not a name (RFC 9110, 12.5.5). */
export function varyNames(headers: Fields): string[] | undefined {
  const names = new Set((headers.get('vary') ?? []).flatMap((text) => members(text.toLowerCase())));
  const sorted = [...names].sort();
  return sorted.every((name) => /^[a-z0-9!#$%&'+.^_`|~-]+$/.test(name)) ? sorted : undefined;
}

function normal(values: readonly string[] | undefined): string | null {
  if (!values?.length) return null;
  // A comma in quotes separates nothing.
  if (values.some((value) => value.includes('"'))) return trim(values.join(', '));
  return values.join(',').split(',').map(trim).join(',');
}

/** What a request says under the names of a Vary; equal for requests that may share a response. */
export const selecting = (names: readonly string[], request: Fields): Variant =>
  names.map((name) => [name, normal(request.get(name))] as const);

/** A variant as a text, equal for equal ones. */
export const variantText = (variant: Variant): string => (variant.length ? JSON.stringify(variant) : '');

/** Whether a request says the same as the one for which `selecting` gave this. */
export const isSelected = (variant: Variant, request: Fields): boolean =>
  variant.every(([name, value]) => normal(request.get(name)) === value);
