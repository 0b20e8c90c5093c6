import { NodeServer } from '@biquorum/cluster';
import { PeerChannel } from '@biquorum/kafka-network';
import {
  decodeResponseHeader,
  encodeRequestHeader,
  errorName,
  type Init,
  type MessageCodec,
} from '@biquorum/kafka-wire';
import { describeConfigsRequest, describeConfigsResponse } from '@biquorum/kafka-wire/messages/describe-configs';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { formatStorage, readKraftSettings } from '@biquorum/kraft';
import type { Ports } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { expect, test } from 'vitest';

const [TOPIC, BROKER] = [2, 4];
/** Sources of values, by the numbers of the protocol. */
const [DYNAMIC_BROKER, DYNAMIC_DEFAULT, STATIC, DEFAULT] = [2, 3, 4, 5];

const PROPERTIES = new Map([
  ['process.roles', 'controller'],
  ['node.id', '101'],
  ['controller.quorum.voters', '101@node:9093'],
  ['controller.listener.names', 'CONTROLLER'],
  ['listeners', 'CONTROLLER://node:9093'],
  ['log.dirs', '/data'],
  ['controller.quorum.election.timeout.ms', '777'],
]);

// What is asked and which answers there are: Java `ControllerApis.handleDescribeConfigsRequest`, `ConfigHelper` of 3.9.
test('a controller tells of its own configuration and of the cluster default, and of no other node', async () => {
  const world = new MemoryWorld({ seed: 1 });
  const { ports } = world.addHost('node');
  await world.run(async () => {
    const server = await startController(ports);
    const channel = new PeerChannel(ports, { host: 'node', port: 9093 }, LIMITS);
    const describe = async (resourceType: number, resourceName: string, keys: readonly string[] | null) => {
      const { results } = await ask(channel, describeConfigsRequest, describeConfigsResponse, 4, {
        resources: [{ resourceType, resourceName, configurationKeys: keys === null ? null : [...keys] }],
      });
      const [result] = results;
      return {
        error: errorName(result?.errorCode ?? -1),
        configs: result?.configs.map(({ name, value, configSource }) => [name, value, configSource]),
      };
    };
    const keys = ['controller.quorum.election.timeout.ms', 'controller.quorum.fetch.timeout.ms', 'log.cleaner.threads'];
    expect(await describe(BROKER, '101', keys)).toEqual({
      error: 'NONE',
      configs: [
        ['controller.quorum.election.timeout.ms', '777', STATIC],
        ['controller.quorum.fetch.timeout.ms', '2000', DEFAULT],
        ['log.cleaner.threads', '1', DEFAULT],
      ],
    });
    expect(await describe(BROKER, '', null)).toEqual({ error: 'NONE', configs: [] });
    expect(await describe(BROKER, '102', null)).toEqual({ error: 'INVALID_REQUEST', configs: [] });
    expect(await describe(TOPIC, 'none', null)).toEqual({ error: 'UNKNOWN_TOPIC_OR_PARTITION', configs: [] });

    const set = (resourceName: string, value: string) =>
      ask(channel, incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, 1, {
        resources: [
          {
            resourceType: BROKER,
            resourceName,
            configs: [{ name: 'log.cleaner.threads', configOperation: 0, value }],
          },
        ],
      });
    await set('', '2');
    expect((await describe(BROKER, '101', keys.slice(2))).configs).toEqual([
      ['log.cleaner.threads', '2', DYNAMIC_DEFAULT],
    ]);
    await set('101', '3');
    expect((await describe(BROKER, '101', keys.slice(2))).configs).toEqual([
      ['log.cleaner.threads', '3', DYNAMIC_BROKER],
    ]);
    expect((await describe(BROKER, '', null)).configs).toEqual([['log.cleaner.threads', '2', DYNAMIC_DEFAULT]]);
    channel.close();
    await server.stop();
  });
});

const LIMITS = { connectTimeoutMs: 10_000, requestTimeoutMs: 10_000, responseBytesMax: 1 << 20 };

async function startController(ports: Ports): Promise<NodeServer> {
  const settings = readKraftSettings(PROPERTIES);
  await formatStorage(ports, {
    clusterId: 'conformanceConformancA',
    nodeId: 101,
    directories: settings.logDirectories,
    metadataDirectory: settings.metadataDirectory,
    quorum: { kind: 'unwritten', dynamic: false },
    ignoreFormatted: true,
  });
  const server = await NodeServer.create({ properties: PROPERTIES, ports });
  await server.start();
  while (server.activeEpoch === undefined) await new Promise<void>((resolve) => void ports.timers.set(10, resolve));
  return server;
}

async function ask<Request, Response>(
  channel: PeerChannel,
  request: MessageCodec<Request>,
  response: MessageCodec<Response>,
  version: number,
  body: Init<Request>,
): Promise<Response> {
  const apiKey = request.table.apiKey ?? -1;
  const frame = await channel.request((correlationId) => {
    const header = new ByteWriter();
    encodeRequestHeader(header, { requestApiKey: apiKey, requestApiVersion: version, correlationId, clientId: 'test' });
    return [header.finish(), request.toBytes(body, version)];
  });
  const reader = new ByteReader(frame);
  decodeResponseHeader(reader, apiKey, version);
  return response.decode(reader, version);
}
