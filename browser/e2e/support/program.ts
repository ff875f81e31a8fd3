/** Programs that serve at an address, as a user starts them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** Varnish compiles its configuration with a C compiler. */
const START_MS = 60_000;

export interface Program {
  url: string;
  stop: () => Promise<void>;
}

export interface ProgramOptions {
  /** The path that responds once it serves. */
  path: string;
  /** Where it serves; otherwise at a port that is free. */
  port?: number | undefined;
  environment?: Record<string, string>;
}

/** Start a program that takes its address from the environment, and wait until it responds. */
export async function spawnProgram(
  words: string,
  folder: string,
  { path, port: given, environment = {} }: ProgramOptions,
): Promise<Program> {
  const port = given ?? (await freePort());
  const address = { PORT: `${port}`, LISTEN: `127.0.0.1:${port}` };
  const program = spawn(words, {
    cwd: folder,
    env: { ...process.env, ...address, ...environment },
    shell: true,
    detached: true,
    // Some end when there is no more to read.
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const stop = async (): Promise<void> => {
    if (program.exitCode !== null || program.signalCode !== null || program.pid === undefined) return;
    const exited = once(program, 'exit');
    process.kill(-program.pid, 'SIGTERM');
    await exited;
    // What it has started itself may go on for as long as an edge keeps a connection open.
    try {
      process.kill(-program.pid, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  };
  const url = `http://localhost:${port}`;
  const end = Date.now() + START_MS;
  while (!(await fetch(url + path).catch(() => undefined))?.ok) {
    if (Date.now() > end || program.exitCode !== null) {
      await stop();
      throw new Error(`${words} does not serve`);
    }
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

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
};

/** Serve the files of a folder as the plainest server does: it sends no header of a cache. */
export async function serveFolder(folder: string): Promise<Program> {
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
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, stop };
}
