import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Address } from '@biquorum/platform';
import { vi } from 'vitest';

const BIQUORUM = fileURLToPath(new URL('../../../../apps/cli/src/main.ts', import.meta.url));
const ASK_EVERY_MS = 20;
/** Longer than any test may take. */
const HANG_MS = 3_600_000;
const ASK_PATIENCE_MS = 2_000;

/** One server as operators run it: `biquorum zookeeper zoo.cfg` in a process of its own, which may be killed at any time. */
export class ServerProcess {
  /** Where clients reach it. */
  readonly place: Address;
  readonly #configFile: string;
  readonly #command: readonly string[];
  #child: ChildProcess | null = null;
  #said = '';
  #exit: Promise<number | NodeJS.Signals> = Promise.resolve(0);
  #stopped = false;

  /** @param command what the program and its arguments are put behind, and which becomes that program */
  constructor(configFile: string, place: Address, command: readonly string[] = []) {
    this.#configFile = configFile;
    this.place = place;
    this.#command = command;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  /** −1 while it does not run. */
  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  /** Whether it is stopped by SIGSTOP. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** What it has written to its standard error since its last start. */
  get said(): string {
    return this.#said;
  }

  /** Its exit status, or the signal that has ended it. */
  get exited(): Promise<number | NodeJS.Signals> {
    return this.#exit;
  }

  /** @returns Once clients can connect, or it has ended. */
  async start(): Promise<void> {
    // While it was away, somebody may have been given one of its ports for a moment.
    do await this.#start();
    while (!this.isRunning && /address-in-use|EADDRINUSE/.test(this.#said));
  }

  async #start(): Promise<void> {
    const args = ['--conditions=@biquorum/source', '--disable-warning=ExperimentalWarning', BIQUORUM, 'zookeeper'];
    const [program = '', ...rest] = [...this.#command, process.execPath, ...args, this.#configFile, '--json'];
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#said = '';
    this.#stopped = false;
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-20_000);
    });
    this.#exit = once(child, 'close').then(([code, signal]) => {
      if (this.#child === child) this.#child = null;
      return (signal ?? code) as number | NodeJS.Signals;
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    await Promise.race([once(lines, 'line'), this.#exit]);
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    child.kill(signal);
    if (this.#stopped) this.go();
    await this.#exit;
  }

  /** SIGSTOP: it does nothing at all, and nobody is told. */
  stop(): void {
    this.#stopped = true;
    this.#child?.kill('SIGSTOP');
  }

  /** SIGCONT. */
  go(): void {
    this.#stopped = false;
    this.#child?.kill('SIGCONT');
  }

  /** Whether it leads, follows, or serves nobody; as `srvr` says it. */
  async mode(): Promise<'leader' | 'follower' | 'none'> {
    if (this.#child === null || this.#stopped) return 'none';
    const mode = /^Mode: (leader|follower)$/m.exec(await this.ask('srvr'))?.[1];
    return (mode as 'leader' | 'follower' | undefined) ?? 'none';
  }

  /** The answer to a four-letter word; empty when there is none. */
  async ask(word: string): Promise<string> {
    const socket = connect(this.place);
    socket.setTimeout(ASK_PATIENCE_MS, () => socket.destroy());
    socket.on('error', () => {});
    socket.write(word);
    return text(socket).catch(() => '');
  }
}

/** Asks again until the answer is yes. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const options = { interval: ASK_EVERY_MS, timeout: HANG_MS };
  await vi.waitFor(async () => {
    if (!(await holds())) throw new Error('what is awaited has not come');
  }, options);
}
