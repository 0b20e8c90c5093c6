/**
 * `pnpm start`: what a newcomer sees first. Both modes at once, three brokers each, with records flowing; what to type
 * next, and the address of a page that shows it all. Options are those of `up --mode both`.
 */
import { runBoth } from './both.ts';
import { calledAs, typeable } from './called-as.ts';
import { CommandFault, UsageError } from './command.ts';
import { isExpectedFault } from './expected-fault.ts';

/** By itself as a checkout has it, and the README says. */
const TOOL = calledAs(process.env, 'npx -y pnpm@12.21.0 biquorum');

const output = {
  print: (line: string): void => console.log(line),
  complain: (line: string): void => console.error(line),
};
// Package managers hand on the dashes that end their own options.
const args = process.argv.slice(2).filter((arg, index) => index > 0 || arg !== '--');
if (args.includes('--help') || args[0] === '-h') {
  output.print('pnpm start runs both clusters, as this does with all of its options:');
  output.print(`${TOOL} up --mode both --help`);
} else await start();

async function start(): Promise<void> {
  try {
    // What reads options is loaded only where there are some.
    const options = args.length === 0 ? {} : (await import('./commands/up.ts')).readBothOptions(args);
    const run = { json: false, ...options };
    process.exitCode = await runBoth({ ...run, tool: TOOL, tellsRates: !run.json }, output);
  } catch (error) {
    const isCallers = error instanceof UsageError;
    if (!(isCallers || error instanceof CommandFault || isExpectedFault(error))) throw error;
    output.complain(`start: ${typeable((error as Error).message, TOOL)}`);
    if (isCallers) output.complain(`It takes the options of: ${TOOL} up --mode both --help`);
    process.exitCode = isCallers ? 2 : 1;
  }
}
