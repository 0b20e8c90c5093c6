import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  brokerIdPath,
  decodeBrokerRegistration,
  decodeClusterId,
  decodeConfigChange,
  decodeController,
  decodeControllerEpoch,
  decodeEntityConfig,
  decodeFeatures,
  decodePartitionList,
  decodePartitionState,
  decodeProducerIdBlock,
  decodeReassignments,
  decodeTopicAssignment,
  deleteTopicPath,
  encodeBrokerRegistration,
  encodeClusterId,
  encodeConfigChange,
  encodeController,
  encodeControllerEpoch,
  encodeEntityConfig,
  encodeFeatures,
  encodePartitionList,
  encodePartitionState,
  encodeProducerIdBlock,
  encodeReassignments,
  encodeTopicAssignment,
  entityPath,
  PATHS,
  PERSISTENT_PATHS,
  partitionStatePath,
  sanitize,
  sequenceOf,
  topicPath,
} from '@biquorum/kafka-znodes';
import { describe, expect, it } from 'vitest';

/** All znodes of clusters of two Apache Kafka 3.9.2 brokers: fresh, and after administration. */
const recordings = { 'empty-cluster': readRecording('empty-cluster'), cluster: readRecording('cluster') };

interface Znode {
  readonly path: string;
  readonly data: string | null;
}

type Again = (data: Uint8Array) => Uint8Array;

const kinds: readonly (readonly [RegExp, Again])[] = [
  [/^\/brokers\/ids\/\d+$/, (data) => encodeBrokerRegistration(decodeBrokerRegistration(data))],
  [/^\/brokers\/topics\/[^/]+$/, (data) => encodeTopicAssignment(decodeTopicAssignment(data))],
  [/^\/brokers\/topics\/.*\/state$/, (data) => encodePartitionState(decodePartitionState(data))],
  [/^\/cluster\/id$/, (data) => encodeClusterId(decodeClusterId(data))],
  [/^\/config\/changes\/./, (data) => encodeConfigChange(decodeConfigChange(data))],
  [/^\/config\/(?!changes)[^/]+\/./, (data) => encodeEntityConfig(decodeEntityConfig(data))],
  [/^\/controller$/, (data) => encodeController(decodeController(data))],
  [/^\/controller_epoch$/, (data) => encodeControllerEpoch(decodeControllerEpoch(data))],
  [/^\/latest_producer_id_block$/, againProducerIds],
  [/^\/isr_change_notification\/./, (data) => encodePartitionList(decodePartitionList(data))],
  [/^\/admin\/preferred_replica_election$/, (data) => encodePartitionList(decodePartitionList(data))],
  [/^\/admin\/reassign_partitions$/, (data) => encodeReassignments(decodeReassignments(data))],
  [/^\/feature$/, (data) => encodeFeatures(decodeFeatures(data))],
];

describe('a recorded cluster', () => {
  for (const [name, nodes] of Object.entries(recordings)) {
    it(`is written again byte for byte: ${name}`, () => {
      const written = [...nodes.values()].flatMap(({ path, data }) => {
        const again = kinds.find(([pattern]) => pattern.test(path))?.[1];
        if (again === undefined || data === null) return [];
        expect([path, new TextDecoder().decode(again(new TextEncoder().encode(data)))]).toEqual([path, data]);
        return [path];
      });
      expect(written.length).toBe({ 'empty-cluster': 6, cluster: 21 }[name]);
    });
  }

  it('has the paths that are made at a start', () => {
    const paths = recordings['empty-cluster'];
    expect(PERSISTENT_PATHS.filter((path) => !paths.has(path))).toEqual([]);
  });

  it('has its znodes where the paths say', () => {
    const { cluster } = recordings;
    const expected = [
      brokerIdPath(1),
      topicPath('moving'),
      partitionStatePath('moving', 0),
      deleteTopicPath('doomed'),
      entityPath('brokers', '<default>'),
      entityPath('ips', '127.0.0.1'),
      PATHS.controller,
      PATHS.controllerEpoch,
    ];
    expect(expected.filter((path) => !cluster.has(path))).toEqual([]);
  });
});

/**
 * Everything that brokers of Apache Kafka 3.9.2 wrote while a cluster was started, administered and robbed of its
 * controllers, and what the leader of a partition wrote itself under inter.broker.protocol.version 2.6. Suite
 * zookeeper-znodes of apps/compat records it. The two znodes under `/admin` are what administrators write there.
 */
describe('all that a cluster wrote', () => {
  const writes: readonly { readonly path: string; readonly data: string }[] = JSON.parse(
    readFileSync(join(import.meta.dirname, 'fixtures', 'writes.json'), 'utf8'),
  );

  it('is of kinds that are known, each of them recorded', () => {
    expect(writes.filter(({ path }) => !kinds.some(([pattern]) => pattern.test(path)))).toEqual([]);
    expect(kinds.filter(([pattern]) => !writes.some(({ path }) => pattern.test(path)))).toEqual([]);
  });

  it('is written again byte for byte, but for versions of old', () => {
    const current = writes.filter(({ data }) => !OLD.some((version) => version.test(data)));
    const again = current.map(({ path, data }) => {
      const kind = kinds.find(([pattern]) => pattern.test(path));
      return { path, data: new TextDecoder().decode(kind?.[1](new TextEncoder().encode(data))) };
    });
    expect(again).toEqual(current);
    expect(writes.length - current.length).toBe(3);
  });

  it('is read in versions of old', () => {
    const old = writes.filter(({ data }) => OLD.some((version) => version.test(data)));
    const read = old.map(({ path, data }) => {
      const bytes = new TextEncoder().encode(data);
      if (path === '/feature') return decodeFeatures(bytes);
      const { endpoints, features } = decodeBrokerRegistration(bytes);
      return [path, endpoints.length, features.size];
    });
    expect(read).toEqual([['/brokers/ids/1', 1, 0], { enabled: false, levels: new Map() }, ['/brokers/ids/2', 1, 0]]);
  });
});

/** Of brokers before features, and of features before 3.3. */
const OLD: readonly RegExp[] = [/"version":4,"timestamp"/, /"features":\{\},"version":1,"status"/];

describe('names in paths', () => {
  it('are encoded as by Java’s Sanitizer', () => {
    expect(sanitize("a b*c+d~e!'()/ü%")).toBe('a%20b%2Ac%2Bd%7Ee%21%27%28%29%2F%C3%BC%25');
    expect(sanitize('a.b-c_d')).toBe('a.b-c_d');
  });

  it('end in the number of their sequence', () => {
    expect(sequenceOf('config_change_0000000012')).toBe(12);
    expect(sequenceOf('config_change_')).toBe(-1);
  });
});

function againProducerIds(data: Uint8Array): Uint8Array {
  const block = decodeProducerIdBlock(data);
  if (block === null) throw new Error('no block of producer ids');
  return encodeProducerIdBlock(block);
}

function readRecording(name: string): ReadonlyMap<string, Znode> {
  const file = readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8');
  return new Map(JSON.parse(file).map((node: Znode) => [node.path, node]));
}
