/** Commands that serve, and the plainest server of files that there is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
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
export async function startProgram(
  words: string,
  folder: string,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const address = { PORT: `${port}`, LISTEN: `127.0.0.1:${port}` };
  const program = spawn(words, {
    cwd: folder,
    env: { ...process.env, ...address },
    shell: true,
    detached: true,
    stdio: 'ignore',
  });
  const stop = async (): Promise<void> => {
    if (program.exitCode !== null || program.signalCode !== null || program.pid === undefined) return;
    const exited = once(program, 'exit');
    process.kill(-program.pid, 'SIGTERM');
    await exited;
  };
  onTestFinished(stop);
  const url = `http://localhost:${port}`;
  const end = Date.now() + START_MS;
  while (!(await fetch(`${url}/__edgio__/cache-manifest.js`).catch(() => undefined))?.ok) {
    if (Date.now() > end || program.exitCode !== null) throw new Error(`${words} does not serve`);
    await after(50);
  }
  return { url, stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Varnish compiles its configuration with a C compiler. */
const START_MS = 60_000;

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serve the files of a folder, and nothing that their names do not say. */
export async function serveFiles(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer(({ url = '/' }, response) => {
    const path = new URL(url, 'http://localhost').pathname;
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const isThere = existsSync(file) && statSync(file).isFile();
    response.writeHead(isThere ? 200 : 404, { 'content-type': TYPES[extname(file)] ?? 'text/plain' });
    if (isThere) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(stop);
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, stop };
}
