import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Kcat } from './install.ts';

/** How a run ended. */
export interface ToolOutcome {
  readonly lines: readonly string[];
  readonly stderr: string;
  /** −1 when a signal ended it. */
  readonly status: number;
}

/** Runs that still go on, so that none outlives this process. */
const running = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One run of a command-line tool: lines in, lines out. */
export class ToolRun {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: string[] = [];
  readonly #closed: Promise<[number | null]>;
  #stderr = '';

  /** `onLine` hears each line of standard output as it comes, `onNote` each of standard error. */
  constructor(
    { command, env }: Kcat,
    args: readonly string[],
    { onLine, onNote }: { readonly onLine?: (line: string) => void; readonly onNote?: (line: string) => void } = {},
  ) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    running.add(this.#child);
    this.#child.once('exit', () => running.delete(this.#child));
    // Whoever reads no more has ended, and says by its status why.
    this.#child.stdin.on('error', () => {});
    const ended = [this.#child.stdout, this.#child.stderr].map((input, index) => {
      const lines = createInterface({ input });
      lines.on('line', (line) => {
        if (index === 1) {
          this.#stderr += `${line}\n`;
          onNote?.(line);
        } else if (onLine !== undefined) onLine(line);
        else this.#lines.push(line);
      });
      return once(lines, 'close');
    });
    this.#closed = Promise.all([once(this.#child, 'close') as Promise<[number | null]>, ...ended]).then(([it]) => it);
    this.#closed.catch(() => {});
  }

  /** Feeds its standard input, evenly over a time if one is given, and ends it. */
  async feed(pieces: readonly string[], overMs = 0): Promise<void> {
    if (overMs === 0) this.#child.stdin.write(pieces.join(''));
    for (const piece of overMs === 0 ? [] : pieces) {
      this.#child.stdin.write(piece);
      await pause(overMs / pieces.length);
    }
    this.#child.stdin.end();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when it is gone and everything that it printed was heard. */
  async ended(): Promise<ToolOutcome> {
    const [status] = await this.#closed;
    return { lines: this.#lines, stderr: this.#stderr, status: status ?? -1 };
  }
}
