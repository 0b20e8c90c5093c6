import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const cwd = fileURLToPath(new URL('../..', import.meta.url));

/** Says back what it is told, and when it is asked to stop. */
const program = (watchInput: boolean): string => `
  import { untilAskedToStop } from '@biquorum/platform/node';
  const asked = untilAskedToStop({ watchInput: ${watchInput}, onLine: (line) => console.log(line) });
  const awake = setInterval(() => {}, 1e6);
  console.log('ready');
  await asked;
  console.log('asked');
  clearInterval(awake);
`;

function start(watchInput: boolean) {
  const args = ['--conditions=@biquorum/source', '--input-type=module', '--eval', program(watchInput)];
  const child = spawn(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const told = async (): Promise<string | undefined> => (await lines.next()).value;
  return { child, told, exited: once(child, 'exit') };
}

it('leaves SIGINT to the process it belongs to, and stops when that one ends', async () => {
  const { child, told, exited } = start(true);
  expect(await told()).toBe('ready');
  child.kill('SIGINT');
  // The signal is there before the second line is.
  for (const line of ['first', 'second']) {
    child.stdin.write(`${line}\n`);
    expect(await told()).toBe(line);
  }
  child.stdin.end();
  expect(await told()).toBe('asked');
  expect(await exited).toEqual([0, null]);
}, 60_000);

it.each([
  [true, 'SIGTERM'],
  [false, 'SIGTERM'],
  [false, 'SIGINT'],
] as const)(
  'stops when it is asked to (belongs to another: %s, by %s)',
  async (watchInput, signal) => {
    const { child, told, exited } = start(watchInput);
    expect(await told()).toBe('ready');
    child.kill(signal);
    expect(await told()).toBe('asked');
    child.stdin.end();
    expect(await exited).toEqual([0, null]);
  },
  60_000,
);
