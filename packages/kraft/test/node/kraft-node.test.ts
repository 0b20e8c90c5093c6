import { type ConfigRules, formatStorage, KraftNode, readKraftSettings } from '@biquorum/kraft';
import type { Ports } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';

/** Takes every key as it comes. */
const ANY_CONFIG: ConfigRules = {
  check: () => null,
  isList: () => false,
  defaultOf: () => null,
  describeTopic: () => [],
  staticTopicValue: () => null,
  describeConfigs: () => ({}),
};

async function formatted(ports: Ports): Promise<KraftNode> {
  const settings = readKraftSettings(
    new Map([
      ['process.roles', 'controller'],
      ['node.id', '1'],
      ['controller.quorum.voters', '1@node:9093'],
      ['controller.listener.names', 'CONTROLLER'],
      ['listeners', 'CONTROLLER://node:9093'],
      ['log.dirs', '/data'],
    ]),
  );
  await formatStorage(ports, {
    clusterId: 'conformanceConformancA',
    nodeId: 1,
    directories: settings.logDirectories,
    metadataDirectory: settings.metadataDirectory,
    quorum: { kind: 'unwritten', dynamic: false },
    ignoreFormatted: true,
  });
  const onFailure = (error: unknown): void => {
    throw error;
  };
  return KraftNode.prepare({ settings, ports, configRules: ANY_CONFIG, onFailure });
}

async function untilActive(node: KraftNode, { timers }: Ports): Promise<void> {
  while (node.activeEpoch === undefined) await new Promise<void>((resolve) => void timers.set(10, resolve));
}

describe('a controller that cannot start', () => {
  it('because its bootstrap records are damaged leaves nothing running, and can once they are gone', async () => {
    const world = new MemoryWorld({ seed: 1 });
    const { ports } = world.addHost('node');
    await world.run(async () => {
      const node = await formatted(ports);
      await ports.disk.replace('/data/bootstrap.checkpoint', new Uint8Array(100).fill(7));
      await expect(node.startController()).rejects.toThrow(/bootstrap\.checkpoint is damaged/);
      expect(node.quorumStatus).toBeUndefined();
      await (await ports.disk.lock('/data/.lock')).release();
      await ports.disk.remove('/data/bootstrap.checkpoint');
      await node.startController();
      await untilActive(node, ports);
      await node.stopController();
    });
  });

  it('because its quorum state is damaged gives its directory back', async () => {
    const world = new MemoryWorld({ seed: 2 });
    const { ports } = world.addHost('node');
    await world.run(async () => {
      const node = await formatted(ports);
      await node.startController();
      await untilActive(node, ports);
      await node.stopController();
      const path = '/data/__cluster_metadata-0/quorum-state';
      const state = await ports.disk.readWhole(path, 1_000);
      await ports.disk.replace(path, new Uint8Array(10));
      await expect(node.startController()).rejects.toThrow(/quorum-state/);
      await (await ports.disk.lock('/data/.lock')).release();
      await ports.disk.replace(path, state);
      await node.startController();
      await untilActive(node, ports);
      await node.stopController();
    });
  });

  it('because its port is taken leaves nothing running', async () => {
    const world = new MemoryWorld({ seed: 3 });
    const { ports } = world.addHost('node');
    await world.run(async () => {
      const node = await formatted(ports);
      const taken = await ports.network.listen({ host: 'node', port: 9093, backlog: 1 }, (one) => one.abort());
      await expect(node.startController()).rejects.toMatchObject({ code: 'address-in-use' });
      expect(node.quorumStatus).toBeUndefined();
      await taken.close();
      await node.startController();
      await untilActive(node, ports);
      await node.stopController();
    });
  });
});
