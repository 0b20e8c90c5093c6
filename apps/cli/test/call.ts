import { Readable } from 'node:stream';
import type { ExitCode, Terminal } from '../src/command.ts';
import { commands } from '../src/commands/index.ts';
import { run } from '../src/run.ts';

/** What a call of `biquorum` left behind. */
export interface Called {
  readonly code: ExitCode;
  /** Without the last line's end. */
  readonly out: string;
  readonly err: string;
}

/** Calls `biquorum` in this process. */
export function call(...args: readonly string[]): Promise<Called> {
  return callWith('', ...args);
}

/** Calls `biquorum` with something on its standard input. */
export async function callWith(input: string, ...args: readonly string[]): Promise<Called> {
  const out: string[] = [];
  const err: string[] = [];
  const decoder = new TextDecoder();
  const terminal: Terminal = {
    print: (line) => void out.push(`${line}\n`),
    complain: (line) => void err.push(`${line}\n`),
    write: (bytes) => Promise.resolve(void out.push(decoder.decode(bytes))),
    progress: () => {},
    input: Readable.from(input === '' ? [] : [Buffer.from(input)]),
  };
  const code = await run({ version: '1.2.3', commands }, args, terminal);
  return { code, out: out.join('').replace(/\n$/, ''), err: err.join('').replace(/\n$/, '') };
}
