import { join } from 'node:path';
import { runProgram } from '../java/run-program.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const TEST = 'packages/kafka-wire/test/recordings.test.ts';

/**
 * Runs the test that holds our codecs against recordings, on those of a directory instead of the committed ones.
 *
 * @returns how many tests passed, as the test runner says
 * @throws {Error} with the end of its output if one fails
 */
export async function runRecordingsTest(directory: string): Promise<string> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const { stdout } = await runProgram({
    command: process.execPath,
    args: [vitest, 'run', '--reporter=dot', TEST],
    cwd: ROOT,
    env: { BIQUORUM_RECORDINGS: directory, NO_COLOR: '1' },
  });
  const passed = /Tests\s+(\d+) passed/.exec(stdout)?.[1];
  if (passed === undefined) throw new Error(`the test runner did not say how many tests passed:\n${stdout}`);
  return `${passed} tests`;
}
