/** Runs `prefetchrouter serve` in a process. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { startCommand } from '../../support/python';
import { ask } from './ask';
import { Log, type Told } from './log';
import { Recorder } from './recorder';

/** Varnish compiles its configuration with a C compiler. */
const START_MS = 60_000;
const PATIENCE_MS = 15_000;
const POLL_MS = 20;

/** The programs that serve rules. */
export const ENGINES = ['embedded', 'workerd', 'varnish', 'nginx'] as const;
export type Engine = (typeof ENGINES)[number];

/** What the edge tells besides requests: that it serves, that the rules have changed or are wrong. */
type Event = { event: string } & Record<string, unknown>;

export class Edge {
  readonly events: Event[] = [];
  #process: ChildProcess;
  #complaints = '';
  #forgotten = 0;
  /** Before another engine, which has no pages that show requests: sees what passes. */
  #recorder: Recorder | undefined;

  private constructor(
    options: string[],
    private readonly state: string | undefined,
    readonly engine: Engine,
  ) {
    const shown = engine === 'embedded' ? ['--pages'] : ['--engine', engine];
    const command = ['serve', ...options, ...shown, '--port', '0', '--quiet', '--format', 'json'];
    this.#process = startCommand(command, state ? { XDG_STATE_HOME: state } : {});
    this.#process.stderr?.on('data', (text) => {
      this.#complaints += text;
    });
    createInterface({ input: this.#process.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.startsWith('{"event"')) this.events.push(JSON.parse(line));
      else this.#complaints += `${line}\n`;
    });
  }

  /**
   * Start an edge with these options of the command, and wait until it serves.
   *
   * @param state The folder where it keeps its certificate.
   * @param engine The program that serves the rules.
   */
  static async start(options: string[], state?: string, engine: Engine = 'embedded'): Promise<Edge> {
    const edge = new Edge(options, state, engine);
    await edge.#until(
      () => edge.#serving !== undefined || edge.#hasEnded,
      () => 'the edge does not start',
      START_MS,
    );
    if (!edge.#serving) throw new Error(`the edge has ended: ${edge.#complaints}`);
    if (engine !== 'embedded') {
      edge.#recorder = await Recorder.start(`${edge.#serving.address}`);
    }
    return edge;
  }

  url(path = '/'): string {
    return `${this.#recorder?.address ?? this.#serving?.address}${path}`;
  }

  /** The address of one of its pages, which have their own port. */
  page(path: string): string {
    return new URL(path, `${this.#serving?.requests}`).href;
  }

  /** End it as Ctrl+C does; returns its exit status, 0 for a clean end. */
  async stop(): Promise<number | null> {
    await this.#recorder?.stop();
    if (!this.#hasEnded) {
      const exited = once(this.#process, 'exit');
      this.#process.kill('SIGINT');
      await exited;
    }
    return this.#process.exitCode;
  }

  /** What it has served until now, except for what was to be forgotten. */
  async log(): Promise<Log> {
    return new Log((await this.#requests()).filter(({ number }) => number > this.#forgotten));
  }

  /** Leave out of the log what has been served until now. */
  async forget(): Promise<void> {
    this.#forgotten = (await this.#requests()).at(-1)?.number ?? 0;
  }

  /** All requests, in the order in which they ended. */
  async #requests(): Promise<Told[]> {
    if (this.#recorder) return this.#recorder.requests;
    return ((await this.json('requests')) as { requests: Told[] }).requests.reverse();
  }

  /** What one of its JSON pages says. */
  async json(name: 'requests' | 'cache' | 'origin'): Promise<Record<string, unknown>> {
    const { text } = await ask(this.page(`/__edgio__/${name}.json`));
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** Visits without a service worker. */
  async visited(...targets: string[]): Promise<void> {
    for (const target of targets) await ask(this.url(target), this.#authority());
  }

  /** Resolve once every target was prefetched, whatever came of it. */
  whenPrefetched(...targets: string[]): Promise<Log> {
    return this.when(({ prefetched }) => targets.every((target) => prefetched.includes(target)));
  }

  /** Resolve once a condition holds for the log. */
  async when(condition: (log: Log) => boolean): Promise<Log> {
    let log = await this.log();
    await this.#until(
      async () => {
        log = await this.log();
        return condition(log);
      },
      () => `this does not come about: ${condition}; prefetched: ${JSON.stringify(log.outcomes)}`,
    );
    return log;
  }

  /** Resolve once the edge's copy of a target is older than it may be. */
  whenStale(target: string): Promise<void> {
    return this.#until(
      async () => {
        const { stored } = (await this.json('cache')) as { stored: { key: string[]; ttl: number }[] };
        return stored.some(({ key, ttl }) => key[0]?.endsWith(target) && ttl < 0);
      },
      () => `the copy of ${target} does not get stale`,
    );
  }

  /** Resolve once the edge has told an event of this name. */
  whenTold(event: string): Promise<void> {
    return this.#until(
      () => this.events.some((told) => told.event === event),
      () => `no event "${event}"`,
    );
  }

  async #until(
    condition: () => boolean | Promise<boolean>,
    failure: () => string,
    patience = PATIENCE_MS,
  ): Promise<void> {
    const end = Date.now() + patience;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`${failure()} ${this.#complaints}`);
      await after(POLL_MS);
    }
  }

  #authority(): Buffer | undefined {
    const isSecure = this.url().startsWith('https:');
    return isSecure ? readFileSync(join(this.state ?? '', 'prefetchrouter/authority.pem')) : undefined;
  }

  get #serving(): Event | undefined {
    return this.events.find(({ event }) => event === 'serving');
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}
