/**
 * `pnpm check`: everything that has to hold before a commit, fast failures first; stops at the first step that fails.
 *
 * With `--static` only what needs no test run; with `--all` every step runs, whatever failed before.
 */
import { checkSteps } from './steps.ts';
import { runSteps } from './steps-run.ts';

const { argv } = process;
const onlyStatic = argv.includes('--static');
const steps = checkSteps.filter((step) => !onlyStatic || step.static);
const failed = runSteps(steps, { keepGoing: argv.includes('--all') });
if (failed > 0) process.exitCode = 1;
