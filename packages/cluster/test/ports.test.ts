import { once } from 'node:events';
import { createServer } from 'node:net';
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
    const squatter = createServer().listen(Number(port), host);
    await once(squatter, 'listening');
    let back = false;
    const restarted = cluster.restart(1).then(() => {
      back = true;
    });
    // It has become a member, found the port taken, and begun anew.
    await cluster.until('an attempt', () => cluster.view(1)?.brokers.has(1) === true);
    await cluster.until('its end', () => cluster.view(1)?.brokers.has(1) !== true);
    expect(back).toBe(false);
    squatter.close();
    await restarted;
    expect(cluster.bootstrap).toBe(bootstrap);
  },
  60_000,
);
