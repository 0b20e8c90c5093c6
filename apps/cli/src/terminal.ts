import { once } from 'node:events';
import type { Terminal } from './command.ts';

const MOVE_TO_START_AND_CLEAR = '\r\x1b[K';

/** The console of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
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
      stderr.write(`${line}\n`);
    },
    write: async (bytes) => {
      clear();
      if (!stdout.write(bytes)) await once(stdout, 'drain');
    },
    // Only when somebody asks: an open standard input keeps a process alive.
    get input() {
      return process.stdin;
    },
    progress: (line) => {
      if (!stderr.isTTY) return;
      clear();
      stderr.write(line);
      shown = line !== '';
    },
  };
}
