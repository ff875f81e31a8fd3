type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** The members that are given; one that is undefined is as good as absent. */
export function given<T extends object>(members: T | null | undefined): Given<T> {
  return Object.fromEntries(
    Object.entries(members ?? {}).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}
