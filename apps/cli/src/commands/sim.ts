import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Command, CommandFault, type ExitCode, UsageError } from '../command.ts';

/** Runs whole clusters, engines or a journal in virtual time, each from one seed, with faults. */
export const sim: Command = {
  name: 'sim',
  synopsis:
    '[--cluster kraft|zookeeper|zookeeper-ensemble | --engine raft|zab | --scenario NAME] [--seed S] [--seeds N] [--seconds T] [--families A,B] [--verbose] [--mutants] [--mutant NAME] [--json]',
  summary:
    'simulate clusters and consensus engines from seeds, in virtual time and with faults; without arguments the standard routine',
  flags: [
    {
      name: 'cluster',
      value: 'MODE',
      summary:
        'whole clusters of the nodes of production: kraft, zookeeper, or zookeeper-ensemble, whose ensemble is simulated too',
    },
    { name: 'engine', value: 'ENGINE', summary: 'a consensus engine by itself: raft or zab' },
    { name: 'scenario', value: 'NAME', summary: 'a program written by hand, such as journal; each seed is run twice' },
    { name: 'seed', value: 'S', summary: 'the first seed; alone, only this one' },
    { name: 'seeds', value: 'N', summary: 'how many' },
    { name: 'seconds', value: 'T', summary: 'at most so long' },
    { name: 'families', value: 'A,B', summary: 'families of faults in place of those that each seed draws' },
    { name: 'verbose', summary: 'tell what happens, with --cluster' },
    { name: 'mutants', summary: 'list the builds that are broken on purpose; from the sources alone' },
    {
      name: 'mutant',
      value: 'NAME',
      summary: 'run one of them: exits 1 when the violation is found; from the sources alone',
    },
    {
      name: 'json',
      summary:
        'a line of JSON for each seed: what was simulated, operations, faults, violations with the command that shows them again; and one at the end with the sums',
    },
  ],
  examples: ['biquorum sim --cluster kraft --seed 51 --verbose', 'biquorum sim --engine raft --seeds 100 --json'],
  async run(args, terminal): Promise<ExitCode> {
    const json = args.includes('--json');
    const child = spawn(process.execPath, [...programFor(args), ...args], {
      stdio: ['ignore', json ? 'pipe' : 'inherit', 'inherit'],
    });
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => terminal.print(line));
    // A signal from the keyboard reaches both; this process waits for the other's word.
    const wait = (): void => {};
    process.on('SIGINT', wait);
    const end = (): void => void child.kill('SIGTERM');
    process.on('SIGTERM', end);
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      if (code === 2) throw new UsageError('the simulator says above what is wrong with these arguments.');
      return code === 0 ? 0 : 1;
    } finally {
      process.off('SIGINT', wait);
      process.off('SIGTERM', end);
    }
  },
};

/** The simulator's sources where they are at hand, else its bundle beside this one. */
function programFor(args: readonly string[]): readonly string[] {
  const sources = ['../../../sim/src/main.ts', '../../../../apps/sim/src/main.ts']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (sources !== undefined) return ['--conditions=@biquorum/source', sources];
  const bundled = fileURLToPath(new URL('sim-main.js', import.meta.url));
  const breaks = args.every((arg) => arg === '--json') || args.some((arg) => /^--mutants?(=|$)/.test(arg));
  if (!existsSync(bundled) || breaks) {
    throw new CommandFault(
      'this needs the sources of Biquorum: broken builds are made from them. In a clone: pnpm sim. Seeds run here with --cluster or --engine.',
    );
  }
  return [bundled];
}
