import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { calledAs, typeable } from './called-as.ts';
import type { Terminal } from './command.ts';

const MOVE_TO_START_AND_CLEAR = '\r\x1b[K';

/** What a console is made of. */
interface TerminalOptions {
  readonly tellsProgress?: boolean;
  /** Those of the process by default. */
  readonly streams?: {
    readonly stdout: Writable;
    readonly stderr: Writable & { readonly isTTY?: boolean };
    readonly stdin: Readable;
  };
  readonly nowMs?: () => number;
  /** What is typed to call `biquorum`. */
  readonly tool?: string;
}

/** How often progress is told where it is written down and not watched. */
const PROGRESS_EVERY_MS = 5_000;

/**
 * The console of this process. Commands that complaints name are told as they can be typed. Progress replaces itself on
 * a terminal; piped, it is a line now and then.
 *
 * @param tellsProgress False where results are for programs: they get no more than what they asked for.
 */
export function processTerminal({
  tellsProgress = true,
  streams = process,
  nowMs = () => performance.now(),
  tool = calledAs(),
}: TerminalOptions = {}): Terminal {
  const { stdout, stderr } = streams;
  let toldMs = nowMs();
  // Whoever reads may have read enough: `biquorum … | head -1`.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write(MOVE_TO_START_AND_CLEAR);
    shown = false;
  };
  return {
    print: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    complain: (line) => {
      clear();
      stderr.write(`${typeable(line, tool)}\n`);
    },
    write: async (bytes) => {
      clear();
      if (!stdout.write(bytes)) await once(stdout, 'drain');
    },
    // Only when somebody asks: an open standard input keeps a process alive.
    get input() {
      return streams.stdin;
    },
    progress: (line) => {
      if (!tellsProgress) return;
      if (!stderr.isTTY) {
        if (line === '' || nowMs() - toldMs < PROGRESS_EVERY_MS) return;
        toldMs = nowMs();
        stderr.write(`${line}\n`);
        return;
      }
      clear();
      stderr.write(line);
      shown = line !== '';
    },
  };
}
