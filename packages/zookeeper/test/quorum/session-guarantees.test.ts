import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sessionMutants } from './session-mutants.ts';
import { runSessions } from './session-run.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** Only a hang reaches it. */
const LIMIT_MS = 300_000;

test.for(SEEDS)(
  'whatever happens to the servers, writes are linearizable and sessions keep what they were promised, seed %i',
  { timeout: LIMIT_MS },
  async (seed) => {
    const { faults, ledger } = await runSessions(seed);
    expect(faults).toEqual([]);
    // It was worth something.
    expect(ledger.acknowledged).toBeGreaterThan(20);
    expect(ledger.reads).toBeGreaterThan(100);
    expect(ledger.moves).toBeGreaterThan(4);
    expect(ledger.ended).toBeGreaterThan(0);
  },
);

test.for(sessionMutants)(
  'a server that $breaks is found out: $name',
  { timeout: LIMIT_MS },
  async ({ name, seed, finds }) => {
    const program = fileURLToPath(new URL('run-session-mutant.ts', import.meta.url));
    const args = ['--conditions=@biquorum/source', '--disable-warning=ExperimentalWarning', program, name, `${seed}`];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    expect(await text(child.stdout)).toContain(finds);
  },
);
