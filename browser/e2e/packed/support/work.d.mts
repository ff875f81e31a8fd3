/** What a command has printed, and its exit status. */
export interface Ran {
  status: number;
  output: string;
}
export const WORK: string;
export const APPS: readonly string[];
export const folderOf: (name: string) => string;
export const sourcesOf: (name: string) => string;
export function eachApp(names: readonly string[], work: (name: string) => Promise<void>): Promise<void>;
export function run(command: string, cwd: string, environment?: Record<string, string>): Promise<Ran>;
