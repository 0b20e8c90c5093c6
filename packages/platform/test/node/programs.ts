import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A small program that runs in a Node of its own, from the sources of this workspace. */
export class Program {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';

  /** @param shell Commands that prepare its process: limits, signals. */
  constructor(source: string, shell = '') {
    const node = [process.execPath, '--conditions=@biquorum/source', '--input-type=module', '--eval', source];
    const [command = '', ...rest] = shell === '' ? node : ['bash', '-c', `${shell}; exec "$@"`, 'bash', ...node];
    this.#child = spawn(command, rest, { cwd: fileURLToPath(new URL('../..', import.meta.url)) });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk));
    this.ended = once(this.#child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  /** Waits until it has printed this. @returns All that it has printed. */
  async printed(text: string): Promise<string> {
    while (!this.#stdout.includes(text)) {
      const ended = this.ended.then(({ stderr }) => {
        if (!this.#stdout.includes(text)) throw new Error(`the program ended without printing ${text}: ${stderr}`);
      });
      await Promise.race([once(this.#child.stdout as NodeJS.ReadableStream, 'data'), ended]);
    }
    return this.#stdout;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
