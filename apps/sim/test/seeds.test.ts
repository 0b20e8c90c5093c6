import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

// A clock that stood a hair below a timer's deadline set its alarm again and again, and time stood still.
test('seed 1839 of raft comes to an end', () => {
  const args = ['--conditions=@biquorum/source', main, '--engine', 'raft', '--seed', '1839'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
  expect(stdout).toContain('1 seeds from 1839');
  expect(status).toBe(0);
}, 70_000);

// A broker that was away while its replica was moved led it on in the epoch of before: nobody told it to stop.
test('seed 297238564 of clusters in ZooKeeper mode comes to rest', () => {
  const args = ['--conditions=@biquorum/source', main, '--cluster', 'zookeeper', '--seed', '297238564'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 300_000 });
  expect(stdout).toContain('1 clusters from seed 297238564');
  expect(status).toBe(0);
}, 310_000);

// A topic was deleted while a broker had no session: nobody tells of that when it registers anew.
test('seed 2060 of clusters on an ensemble comes to rest', () => {
  const families =
    'delay,oneWayCut,pause,brokerPowerLoss,wipedDisk,controlledShutdown,clockDrift,topicChurn,reassignment,elections,diskError,officeRemoved';
  const which = ['--cluster', 'zookeeper-ensemble', '--seed', '2060', '--families', families];
  const args = ['--conditions=@biquorum/source', main, ...which];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 300_000 });
  expect(stdout).toContain('1 clusters from seed 2060');
  expect(status).toBe(0);
}, 310_000);

// Whoever had lost the connection over which it stood for election looked too early whether it was elected.
test('seed 740000003 of clusters on an ensemble comes to rest', () => {
  const families =
    'reset,killBroker,killController,controlledShutdown,clockDrift,slowDisk,elections,diskError,ensembleRestart';
  const which = ['--cluster', 'zookeeper-ensemble', '--seed', '740000003', '--families', families];
  const args = ['--conditions=@biquorum/source', main, ...which];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 300_000 });
  expect(stdout).toContain('1 clusters from seed 740000003');
  expect(status).toBe(0);
}, 310_000);

// A follower dropped the answer to what it had asked under an earlier epoch; the leader took the high watermark for told.
test('seed 418963086 of clusters in KRaft mode comes to rest', () => {
  const args = ['--conditions=@biquorum/source', main, '--cluster', 'kraft', '--seed', '418963086'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 300_000 });
  expect(stdout).toContain('1 clusters from seed 418963086');
  expect(status).toBe(0);
}, 310_000);
