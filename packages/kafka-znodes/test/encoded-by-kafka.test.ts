import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeBrokerRegistration,
  decodeClusterId,
  decodeConfigChange,
  decodeController,
  decodeControllerEpoch,
  decodeEntityConfig,
  decodeFeatures,
  decodeLogDirEvent,
  decodePartitionList,
  decodePartitionState,
  decodeProducerIdBlock,
  decodeReassignments,
  decodeTopicAssignment,
  encodeBrokerRegistration,
  encodeClusterId,
  encodeConfigChange,
  encodeController,
  encodeControllerEpoch,
  encodeEntityConfig,
  encodeFeatures,
  encodeLogDirEvent,
  encodePartitionList,
  encodePartitionState,
  encodeProducerIdBlock,
  encodeReassignments,
  encodeTopicAssignment,
} from '@biquorum/kafka-znodes';
import { describe, expect, it } from 'vitest';

/** What the encoders of Kafka 3.9.2 made of the values in this file. */
const encoded: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'encoded-by-kafka.json'), 'utf8'),
);

const bytes = (name: string): Uint8Array => {
  const text = encoded[name];
  if (text === undefined) throw new Error(`nothing is recorded under ${name}`);
  return new TextEncoder().encode(text);
};
const text = (data: Uint8Array): string => new TextDecoder().decode(data);
const timestampOf = (name: string): number => Number(JSON.parse(encoded[name] ?? '').timestamp);
const TOPIC_ID = 'TS9fFX3PQSCPG6_mBebFHQ';

function assignmentOf(count: number, reassigning: boolean) {
  const one = (index: number) => {
    const moves = reassigning && index % 3 === 1;
    const [first, second] = [1 + (index % 3), 1 + ((index + 1) % 3)];
    return { replicas: [first, second], adding: moves ? [second] : [], removing: moves ? [first] : [] };
  };
  return {
    topicId: TOPIC_ID,
    partitions: new Map(Array.from({ length: count }, (_, index) => [index, one(index)])),
  };
}

describe('a topic', () => {
  for (const count of [0, 1, 2, 5, 11, 12, 13, 24, 60, 200]) {
    it(`of ${count} partitions has Kafka's bytes and is read back`, () => {
      expect(text(encodeTopicAssignment(assignmentOf(count, false)))).toBe(encoded[`topic/${count}`]);
      expect(decodeTopicAssignment(bytes(`topic/${count}`))).toEqual(assignmentOf(count, false));
    });
  }

  for (const count of [3, 20]) {
    it(`of ${count} partitions tells of a reassignment in Kafka's bytes`, () => {
      expect(text(encodeTopicAssignment(assignmentOf(count, true)))).toBe(encoded[`topic-reassigning/${count}`]);
      expect(decodeTopicAssignment(bytes(`topic-reassigning/${count}`))).toEqual(assignmentOf(count, true));
    });
  }

  it('may have no id', () => {
    const partitions = new Map([[0, { replicas: [1], adding: [], removing: [] }]]);
    expect(text(encodeTopicAssignment({ topicId: null, partitions }))).toBe(encoded['topic-without-id']);
    expect(decodeTopicAssignment(bytes('topic-without-id')).topicId).toBeNull();
  });

  it('of version 1 is read', () => {
    const data = new TextEncoder().encode('{"version":1,"partitions":{"10":[3],"9":[1,2]}}');
    expect([...decodeTopicAssignment(data).partitions]).toEqual([
      [9, { replicas: [1, 2], adding: [], removing: [] }],
      [10, { replicas: [3], adding: [], removing: [] }],
    ]);
  });
});

describe('a partition', () => {
  const states = {
    state: { leader: 1, leaderEpoch: 5, isr: [1, 2], recovering: false, controllerEpoch: 3 },
    'state-leaderless': { leader: -1, leaderEpoch: 6, isr: [2], recovering: false, controllerEpoch: 3 },
    'state-recovering': { leader: 2, leaderEpoch: 7, isr: [2], recovering: true, controllerEpoch: 3 },
  };
  for (const [name, state] of Object.entries(states)) {
    it(`has Kafka's bytes: ${name}`, () => {
      expect(text(encodePartitionState(state))).toBe(encoded[name]);
      expect(decodePartitionState(bytes(name))).toEqual(state);
    });
  }
});

describe('a broker', () => {
  const plaintext = { listener: 'PLAINTEXT', host: 'h', port: 9092, securityProtocol: 'PLAINTEXT' };
  const plain = { rack: null, jmxPort: -1, features: new Map() };
  const six = [
    { listener: 'A', host: 'h', port: 1, securityProtocol: 'PLAINTEXT' },
    { listener: 'BB', host: 'h', port: 2, securityProtocol: 'SSL' },
    { listener: 'C_C', host: 'h', port: 3, securityProtocol: 'SASL_SSL' },
    { listener: 'DEEP', host: '::1', port: 4, securityProtocol: 'SASL_PLAINTEXT' },
    { listener: 'E', host: 'h', port: 5, securityProtocol: 'PLAINTEXT' },
    { listener: 'F', host: 'h', port: 6, securityProtocol: 'PLAINTEXT' },
  ];
  const registrations = {
    'broker/5-rack': { ...plain, rack: 'a', endpoints: [plaintext] },
    'broker/5': {
      ...plain,
      endpoints: [plaintext, { listener: 'EXT', host: 'e', port: 9093, securityProtocol: 'SSL' }],
    },
    'broker/5-no-plaintext': {
      ...plain,
      endpoints: [{ listener: 'EXT', host: 'e', port: 9093, securityProtocol: 'SASL_SSL' }],
    },
    'broker/5-six-listeners': { ...plain, endpoints: six },
  };
  for (const [name, registration] of Object.entries(registrations)) {
    it(`is registered in Kafka's bytes: ${name}`, () => {
      const timestampMs = timestampOf(name);
      expect(text(encodeBrokerRegistration({ ...registration, timestampMs }))).toBe(encoded[name]);
      expect(decodeBrokerRegistration(bytes(name))).toEqual({ ...registration, timestampMs });
    });
  }

  it('of versions 4 and 2 is read', () => {
    const timestampMs = timestampOf('broker/4');
    expect(decodeBrokerRegistration(bytes('broker/4'))).toEqual({
      ...plain,
      rack: 'b',
      endpoints: [plaintext],
      timestampMs,
    });
    expect(decodeBrokerRegistration(bytes('broker/2')).endpoints).toEqual([plaintext]);
  });

  it('of version 1 is read', () => {
    const data = '{"version":1,"host":"localhost","port":9092,"jmx_port":9999,"timestamp":"2233345666"}';
    expect(decodeBrokerRegistration(new TextEncoder().encode(data))).toEqual({
      ...plain,
      jmxPort: 9999,
      endpoints: [{ ...plaintext, host: 'localhost' }],
      timestampMs: 2233345666,
    });
  });

  it('whose listener has no protocol is refused with the listener’s name', () => {
    const data = '{"version":3,"jmx_port":-1,"timestamp":"1","endpoints":["CLIENT://h:1"]}';
    expect(() => decodeBrokerRegistration(new TextEncoder().encode(data))).toThrow('"CLIENT"');
  });
});

describe('configuration', () => {
  const thirty = new Map(Array.from({ length: 30 }, (_, index) => [`key.${index}`, String(index)]));
  const configs: Readonly<Record<string, ReadonlyMap<string, string>>> = {
    'config/empty': new Map(),
    'config/one': new Map([['retention.ms', '1000']]),
    'config/many': new Map([
      ['cleanup.policy', 'compact'],
      ['compression.type', 'producer'],
      ['segment.bytes', '104857600'],
      ['retention.ms', '1'],
      ['min.insync.replicas', '2'],
      ['max.message.bytes', '5'],
      ['unclean.leader.election.enable', 'true'],
    ]),
    'config/escapes': new Map([['a', 'quote" back\\ tab\t nul\u0001 umlautü emoji😀 slash/']]),
    'config/thirty': thirty,
  };
  for (const [name, values] of Object.entries(configs)) {
    it(`has Kafka's bytes: ${name}`, () => {
      expect(text(encodeEntityConfig(values))).toBe(encoded[name]);
      expect(decodeEntityConfig(bytes(name))).toEqual(values);
    });
  }

  it('changes are told in Kafka’s bytes, and read in both versions', () => {
    expect(text(encodeConfigChange('users/a%20b/clients/c'))).toBe(encoded['config_change']);
    expect(decodeConfigChange(bytes('config_change'))).toBe('users/a%20b/clients/c');
    const old = new TextEncoder().encode('{"version":1,"entity_type":"topics","entity_name":"t"}');
    expect(decodeConfigChange(old)).toBe('topics/t');
  });
});

describe('the cluster', () => {
  it('has a controller and its epoch in Kafka’s bytes', () => {
    const controller = { brokerId: 1, timestampMs: 1795271902344, kraftControllerEpoch: -1 };
    expect(text(encodeController(controller))).toBe(encoded['controller']);
    expect(decodeController(bytes('controller'))).toEqual(controller);
    expect(text(encodeControllerEpoch(12))).toBe(encoded['controller_epoch']);
    expect(decodeControllerEpoch(bytes('controller_epoch'))).toBe(12);
  });

  it('has an id, producer ids and features in Kafka’s bytes', () => {
    expect(text(encodeClusterId('SoCk3t5sTbmhGonCKQZsSg'))).toBe(encoded['cluster_id']);
    expect(decodeClusterId(bytes('cluster_id'))).toBe('SoCk3t5sTbmhGonCKQZsSg');
    expect(text(encodeProducerIdBlock({ brokerId: 4, first: 1000, last: 1999 }))).toBe(encoded['producer_ids']);
    expect(decodeProducerIdBlock(bytes('producer_ids'))).toEqual({ brokerId: 4, first: 1000, last: 1999 });
    const levels = new Map([['group.version', 1]]);
    expect(text(encodeFeatures({ enabled: true, levels: new Map() }))).toBe(encoded['feature/2']);
    expect(text(encodeFeatures({ enabled: true, levels }))).toBe(encoded['feature/2-levels']);
    expect(decodeFeatures(bytes('feature/2-levels'))).toEqual({ enabled: true, levels });
    expect(decodeFeatures(bytes('feature/1-disabled'))).toEqual({ enabled: false, levels });
  });

  it('has notifications and triggers in Kafka’s bytes', () => {
    const partitions = [{ topic: 'a', partition: 1 }];
    expect(text(encodeLogDirEvent(3))).toBe(encoded['log_dir_event']);
    expect(decodeLogDirEvent(bytes('log_dir_event'))).toBe(3);
    expect(text(encodePartitionList(partitions))).toBe(encoded['isr_change']);
    expect(text(encodePartitionList(partitions))).toBe(encoded['preferred']);
    expect(decodePartitionList(bytes('isr_change'))).toEqual(partitions);
    const reassignments = [{ topic: 'a', partition: 1, replicas: [2, 3] }];
    expect(text(encodeReassignments(reassignments))).toBe(encoded['reassign']);
    expect(decodeReassignments(bytes('reassign'))).toEqual(reassignments);
  });
});
