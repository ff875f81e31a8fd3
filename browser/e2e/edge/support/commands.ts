/** Commands that serve, and the plainest server of files that there is. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { type Program, serveFolder, spawnProgram } from '../../support/program';
import { startCommand } from '../../support/python';

/** A command that prints a line of JSON with the address that it serves, and goes on. */
export class Command {
  private constructor(
    readonly address: string,
    private readonly process: ChildProcess,
  ) {}

  /** Start it in a folder, and wait until it serves. */
  static async start(words: string[], folder: string): Promise<Command> {
    const process = startCommand(words, {}, folder);
    onTestFinished(() => void process.kill());
    let complaints = '';
    process.stderr?.on('data', (text) => {
      complaints += text;
    });
    const lines = createInterface({ input: process.stdout as NodeJS.ReadableStream });
    for await (const line of lines) return new Command(JSON.parse(line).address, process);
    throw new Error(`${words.join(' ')} has ended: ${complaints}`);
  }

  /** End it as Ctrl+C does. */
  async stop(): Promise<void> {
    const exited = once(this.process, 'exit');
    this.process.kill('SIGINT');
    await exited;
  }
}

/** A program that serves rules at an address, started as `init` says; waits until it responds. */
export async function startProgram(words: string, folder: string): Promise<Program> {
  const program = await spawnProgram(words, folder, { path: '/__edgio__/cache-manifest.js' });
  onTestFinished(program.stop);
  return program;
}

/** Serve the files of a folder, and nothing that their names do not say. */
export async function serveFiles(folder: string): Promise<Program> {
  const server = await serveFolder(folder);
  onTestFinished(server.stop);
  return { ...server, url: `${server.url}/` };
}
