import { calledAs } from './called-as.ts';
import type { ExitCode } from './command.ts';
import { commands } from './commands/index.ts';
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';
import { readVersion } from './version.ts';

/** The `biquorum` command with these arguments, on the console. */
export function main(args: readonly string[]): Promise<ExitCode> {
  const program = {
    commands,
    tool: calledAs(),
    // Looked up only when it is shown.
    get version() {
      return readVersion();
    },
  };
  return run(program, args, processTerminal({ tellsProgress: !args.includes('--json') }));
}
