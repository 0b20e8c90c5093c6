import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { startCluster } from '@biquorum/cluster';
import { startTestCluster, type TestClusterMode } from '@biquorum/cluster/testing';
import { expect, test } from 'vitest';

test.each<TestClusterMode>(['reference', 'kraft'])(
  'a broker whose port somebody took while it was away waits until it is free again: %s',
  async (mode) => {
    const properties = { 'broker.session.timeout.ms': '500', 'broker.heartbeat.interval.ms': '100' };
    await using cluster = await startTestCluster({ mode, brokers: 1, properties });
    const { bootstrap } = cluster;
    const [host, port] = bootstrap.split(':') as [string, string];
    await cluster.kill(1);
    const squatter = createServer((socket) => socket.on('error', () => {})).listen(Number(port), host);
    await once(squatter, 'listening');
    let back = false;
    const restarted = cluster.restart(1).then(() => {
      back = true;
    });
    // It has become a member, found the port taken, and begun anew.
    await cluster.until('an attempt', async () => (await cluster.view(1))?.brokers.has(1) === true);
    await cluster.until('its end', async () => (await cluster.view(1))?.brokers.has(1) !== true);
    expect(back).toBe(false);
    squatter.close();
    await restarted;
    expect(cluster.bootstrap).toBe(bootstrap);
  },
  60_000,
);

test('so does one in a process of its own', async () => {
  await using cluster = await startCluster({ brokers: 1, controllers: 1, processes: true });
  const { bootstrap } = cluster;
  const [host, port] = bootstrap.split(':') as [string, string];
  const logFile = cluster.processes.find(({ role }) => role === 'broker')?.logFile ?? '';
  await cluster.kill(1);
  const squatter = createServer((socket) => socket.on('error', () => {})).listen(Number(port), host);
  await once(squatter, 'listening');
  let back = false;
  const restarted = cluster.restart(1).then(() => {
    back = true;
  });
  await cluster.until('an attempt', async () => (await readFile(logFile, 'utf8')).includes('address already in use'));
  expect(back).toBe(false);
  squatter.close();
  await restarted;
  expect(cluster.bootstrap).toBe(bootstrap);
}, 120_000);
