import { NodeServer } from '@biquorum/cluster';
import { formatStorage, readKraftSettings } from '@biquorum/kraft';
import { MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';

// Source: Java `ListenerInfo.withWildcardHostnamesResolved` of 3.9.
test('listeners without a host are advertised under the canonical name of their machine', async () => {
  const world = new MemoryWorld({ seed: 1 });
  const { ports } = world.addHost('machine-7');
  const properties = new Map([
    ['process.roles', 'broker,controller'],
    ['node.id', '1'],
    ['controller.quorum.voters', '1@machine-7:9093'],
    ['controller.listener.names', 'CONTROLLER'],
    ['listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT,OTHER:PLAINTEXT,CONTROLLER:PLAINTEXT'],
    ['listeners', 'PLAINTEXT://:9092,OTHER://:9094,CONTROLLER://:9093'],
    ['inter.broker.listener.name', 'PLAINTEXT'],
    ['log.dirs', '/data'],
  ]);
  await world.run(async () => {
    const settings = readKraftSettings(properties);
    await formatStorage(ports, {
      clusterId: 'conformanceConformancA',
      nodeId: 1,
      directories: settings.logDirectories,
      metadataDirectory: settings.metadataDirectory,
      quorum: { kind: 'unwritten', dynamic: false },
      ignoreFormatted: true,
    });
    const server = await NodeServer.create({ properties, ports });
    await server.start();
    expect(server.broker?.endpoints).toMatchObject([
      { listener: 'PLAINTEXT', host: 'machine-7', port: 9092 },
      { listener: 'OTHER', host: 'machine-7', port: 9094 },
    ]);
    expect(server.node.controllerEndpoints).toMatchObject([{ listener: 'CONTROLLER', host: 'machine-7', port: 9093 }]);
    const told = server.broker?.view.brokers.get(1)?.endpoints;
    expect(told?.map(({ host, port }) => `${host}:${port}`)).toEqual(['machine-7:9092', 'machine-7:9094']);
    await server.stop();
  });
});
