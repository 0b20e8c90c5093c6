import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { workspaceRoot } from './root.ts';
import type { Step } from './steps.ts';

/**
 * Runs the steps one after the other, prints how long each took and the line `N passed, N failed`.
 *
 * @returns How many steps failed; without `keepGoing` at most one, the rest is not run and not counted.
 */
export function runSteps(steps: readonly Step[], { keepGoing }: { readonly keepGoing: boolean }): number {
  const times: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const { name, command } of steps) {
    console.log(`\n== ${name}: ${command.join(' ')}`);
    const started = performance.now();
    const fault = run(command);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    times.push(`${seconds.padStart(7)} s  ${name}${fault === undefined ? '' : `: FAILED, ${fault}`}`);
    if (fault === undefined) passed += 1;
    else failed += 1;
    if (failed > 0 && !keepGoing) break;
  }
  console.log(`\n${times.join('\n')}`);
  const left = steps.length - passed - failed;
  if (left > 0) console.log(`${left} steps not run after the failure; pnpm check --all runs them too.`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed;
}

/** Why the command failed, if it did. */
function run([program, ...args]: Step['command']): string | undefined {
  const { status, signal, error } = spawnSync(program, args, {
    cwd: workspaceRoot,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${join(workspaceRoot, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
    },
  });
  if (error !== undefined) return error.message;
  if (signal !== null) return `ended by ${signal}`;
  return status === 0 ? undefined : `exit code ${status}`;
}
