import { expect, test } from 'vitest';
import { parseArguments } from '../src/arguments.ts';

test('without arguments the standard routine runs', () => {
  expect(parseArguments([])).toEqual({ kind: 'routine' });
});

test('a scenario takes the first seed and the number of seeds', () => {
  expect(parseArguments(['--scenario', 'journal'])).toEqual({
    kind: 'scenario',
    scenario: 'journal',
    seed: 1,
    seeds: 20,
  });
  expect(parseArguments(['--scenario', 'b', '--seed', '7', '--seeds', '1'])).toMatchObject({ seed: 7, seeds: 1 });
});

test('an engine runs two thousand seeds, as many as are asked for, or the one that is named', () => {
  expect(parseArguments(['--engine', 'raft'])).toMatchObject({ kind: 'swarm', seeds: { seed: 1, seeds: 2000 } });
  expect(parseArguments(['--engine', 'raft', '--seeds', '5'])).toMatchObject({ seeds: { seed: 1, seeds: 5 } });
  expect(parseArguments(['--engine', 'raft', '--seed', '7'])).toMatchObject({ seeds: { seed: 7, seeds: 1 } });
});

test('a mutant, families and a time limit go with an engine', () => {
  const given = ['--engine', 'raft', '--mutant', 'x', '--families', 'cut,pause', '--seconds', '9'];
  expect(parseArguments(given)).toMatchObject({ mutant: 'x', families: ['cut', 'pause'], seconds: 9 });
  // What a replay command says of a seed that fails without any faults.
  expect(parseArguments(['--engine', 'raft', '--seed', '1', '--families', ''])).toMatchObject({ families: [] });
  expect(parseArguments(['--engine', 'raft', '--mutants'])).toEqual({ kind: 'listMutants', of: 'raft' });
  expect(parseArguments(['--cluster', 'kraft', '--mutants'])).toEqual({ kind: 'listMutants', of: 'kraft' });
});

test('whole clusters run fifty seeds, as many as are asked for, or the one that is named', () => {
  expect(parseArguments(['--cluster', 'kraft'])).toMatchObject({ kind: 'cluster', seeds: { seed: 1, seeds: 50 } });
  expect(parseArguments(['--cluster', 'kraft', '--seeds', '5', '--seed', '9'])).toMatchObject({
    cluster: 'kraft',
    seeds: { seed: 9, seeds: 5 },
  });
  const replay = ['--cluster', 'kraft', '--seed', '7', '--seeds', '1', '--families', 'cut', '--mutant', 'x'];
  expect(parseArguments(replay)).toMatchObject({ seeds: { seed: 7, seeds: 1 }, families: ['cut'], mutant: 'x' });
  expect(() => parseArguments(['--cluster', 'kraft', '--engine', 'raft'])).toThrow('--engine does not go with');
  expect(parseArguments(['--cluster', 'kraft', '--seed', '3', '--verbose'])).toMatchObject({ verbose: true });
  expect(() => parseArguments(['--engine', 'raft', '--verbose'])).toThrow('--verbose goes with --cluster only');
});

test('arguments that make no sense are named', () => {
  expect(() => parseArguments(['--sed', '1'])).toThrow("Unknown option '--sed'");
  expect(() => parseArguments(['--seeds'])).toThrow('--seeds');
  expect(() => parseArguments(['--seeds', 'many'])).toThrow('--seeds is a whole number of at least 1, not "many"');
  expect(() => parseArguments(['--seeds', '0'])).toThrow('--seeds is a whole number of at least 1, not "0"');
  expect(() => parseArguments(['--seed', ''])).toThrow('--seed is a whole number of at least 0, not ""');
  expect(() => parseArguments(['--scenario', 'journal', '--mutant', 'x'])).toThrow('--mutant does not go with');
});
