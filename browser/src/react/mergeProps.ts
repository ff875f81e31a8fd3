export type Props = Record<string, unknown>;

type Handler = (...args: unknown[]) => unknown;

/** Props for a child that has its own: the child's win, but of two handlers both are called. */
export function mergeProps(own: Props, given: Props): Props {
  const merged: Props = { ...given, ...own };
  for (const [name, handler] of Object.entries(given)) {
    const first = own[name];
    if (typeof handler !== 'function' || typeof first !== 'function') continue;
    merged[name] = (...args: unknown[]) => {
      (first as Handler)(...args);
      (handler as Handler)(...args);
    };
  }
  return merged;
}
