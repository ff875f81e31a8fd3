let place = '';

/** Origin, and folder if any, below which the edge's own files are: never by the document's base. */
export const root = (): string => place || location.origin;

/** Sets it from the address of one of these files. */
export function setRoot(address: string | undefined, path: string): void {
  const [before = '', rest] = (address ?? '').split(path, 2);
  if (rest !== undefined && `${before}/`.startsWith(`${location.origin}/`)) place = before;
}
