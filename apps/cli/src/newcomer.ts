/**
 * `pnpm start`: what a newcomer sees first. Both modes at once, three brokers each, with records flowing; what to type
 * next, and the address of a page that shows it all.
 */
import { runBoth } from './both.ts';
import { isExpectedFault } from './expected-fault.ts';

/** As a checkout has it, and the README says. */
const TOOL = 'npx -y pnpm@12.21.0 biquorum';

const output = {
  print: (line: string): void => console.log(line),
  complain: (line: string): void => console.error(line),
};
try {
  process.exitCode = await runBoth({ json: false, tool: TOOL, tellsRates: true }, output);
} catch (error) {
  if (!isExpectedFault(error)) throw error;
  output.complain(error.message);
  process.exitCode = 1;
}
