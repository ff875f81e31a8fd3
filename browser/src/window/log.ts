const said = new Set<string>();

/** Says a problem on the console, in one line and only once per page. */
export function warn(problem: string): void {
  if (said.has(problem)) return;
  said.add(problem);
  console.warn(`prefetch: ${problem}`);
}
