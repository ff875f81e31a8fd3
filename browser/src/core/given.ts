type Given<T> = { [Name in keyof T]?: NonNullable<T[Name]> };

/** The members that are given; one that is undefined or null is as good as absent. */
export function given<T extends object>(members: T | null | undefined): Given<T> {
  return Object.fromEntries(Object.entries(members ?? {}).filter(([, value]) => value != null)) as Given<T>;
}
