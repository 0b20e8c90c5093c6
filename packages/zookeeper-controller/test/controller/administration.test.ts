import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '@biquorum/kafka-wire/messages/allocate-producer-ids';
import { alterClientQuotasRequest, alterClientQuotasResponse } from '@biquorum/kafka-wire/messages/alter-client-quotas';
import { alterConfigsRequest, alterConfigsResponse } from '@biquorum/kafka-wire/messages/alter-configs';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '@biquorum/kafka-wire/messages/describe-client-quotas';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { updateFeaturesRequest, updateFeaturesResponse } from '@biquorum/kafka-wire/messages/update-features';
import { describe, expect, it } from 'vitest';
import { type GovernedBroker, GovernedCluster } from './support/governed-cluster.ts';
import { createTopic, deleteTopic } from './support/requests.ts';

const UNKNOWN_TOPIC_OR_PARTITION = 3;
const REQUEST_TIMED_OUT = 7;
const INVALID_TOPIC_EXCEPTION = 17;
const TOPIC_ALREADY_EXISTS = 36;
const INVALID_PARTITIONS = 37;
const INVALID_REPLICATION_FACTOR = 38;
const INVALID_REPLICA_ASSIGNMENT = 39;
const NOT_CONTROLLER = 41;
const INVALID_REQUEST = 42;
const STALE_BROKER_EPOCH = 77;
const BROKER_ID_NOT_REGISTERED = 102;

function otherThanGovernor(cluster: GovernedCluster): GovernedBroker {
  const other = cluster.live.find((broker) => broker !== cluster.governor);
  if (other === undefined) throw new Error('there is one broker only');
  return other;
}

describe('administration in ZooKeeper mode', () => {
  it('refuses topics as a broker of 3.9 does', () =>
    GovernedCluster.run(2, async (cluster) => {
      await createTopic(cluster, 'here.now', [[1]]);
      const wish = (name: string, more: object = {}): object => ({
        name,
        numPartitions: 1,
        replicationFactor: 1,
        ...more,
      });
      const assigned = (name: string, ...rows: number[][]): object => ({
        name,
        numPartitions: -1,
        replicationFactor: -1,
        assignments: rows.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
      });
      const wishes = [
        wish('here.now'),
        wish('here_now'),
        wish('no good'),
        wish('none', { numPartitions: 0 }),
        wish('wide', { replicationFactor: 3 }),
        wish('twice'),
        wish('twice'),
        wish('both', { assignments: [{ partitionIndex: 0, brokerIds: [1] }] }),
        assigned('uneven', [1, 2], [1]),
        assigned('doubled', [1, 1]),
        { ...assigned('gap', [1]), assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      ];
      const { topics } = await cluster.ask(cluster.governor, createTopicsRequest, createTopicsResponse, {
        topics: wishes as never,
        timeoutMs: 1_000,
      });
      expect(Object.fromEntries(topics.map(({ name, errorCode }) => [name, errorCode]))).toEqual({
        'here.now': TOPIC_ALREADY_EXISTS,
        here_now: INVALID_TOPIC_EXCEPTION,
        'no good': INVALID_TOPIC_EXCEPTION,
        none: INVALID_PARTITIONS,
        wide: INVALID_REPLICATION_FACTOR,
        twice: INVALID_REQUEST,
        both: INVALID_REQUEST,
        uneven: INVALID_REPLICA_ASSIGNMENT,
        doubled: INVALID_REPLICA_ASSIGNMENT,
        gap: INVALID_REPLICA_ASSIGNMENT,
      });
      expect(cluster.subject.ensemble.server.tree.children('/kafka/brokers/topics')).toEqual(['here.now']);
    }));

  it('does not wait for leaders longer than the client does', () =>
    GovernedCluster.run(2, async (cluster) => {
      const topic = { name: 'hasty', numPartitions: 1, replicationFactor: 2 };
      const ask = (timeoutMs: number, validateOnly: boolean): Promise<number | undefined> =>
        cluster
          .ask(cluster.governor, createTopicsRequest, createTopicsResponse, {
            topics: [topic],
            timeoutMs,
            validateOnly,
          })
          .then(({ topics }) => topics[0]?.errorCode);
      expect(await ask(1_000, true)).toBe(0);
      expect(cluster.hasZnode('/brokers/topics/hasty')).toBe(false);
      expect(await ask(0, false)).toBe(REQUEST_TIMED_OUT);
      await cluster.settle();
      expect(cluster.partition('hasty', 0).isr).toHaveLength(2);
    }));

  it('is the active controller’s alone where it must be', () =>
    GovernedCluster.run(2, async (cluster) => {
      const other = otherThanGovernor(cluster);
      const topic = { name: 'elsewhere', numPartitions: 1, replicationFactor: 1 };
      const { topics } = await cluster.ask(other, createTopicsRequest, createTopicsResponse, {
        topics: [topic],
        timeoutMs: 1_000,
      });
      expect(topics[0]?.errorCode).toBe(NOT_CONTROLLER);
      expect(await deleteTopic(cluster, 'nowhere')).toBe(UNKNOWN_TOPIC_OR_PARTITION);
    }));

  it('gives blocks of producer ids to brokers that are registered, one after the other', () =>
    GovernedCluster.run(2, async (cluster) => {
      const ask = (
        brokerId: number,
        brokerEpoch: number,
      ): Promise<{ readonly errorCode: number; readonly producerIdStart: number }> =>
        cluster.ask(cluster.governor, allocateProducerIdsRequest, allocateProducerIdsResponse, {
          brokerId,
          brokerEpoch,
        });
      const epoch = cluster.broker(2).plane.brokerEpoch();
      expect((await ask(9, epoch)).errorCode).toBe(BROKER_ID_NOT_REGISTERED);
      expect((await ask(2, epoch - 1)).errorCode).toBe(STALE_BROKER_EPOCH);
      expect(await ask(2, epoch)).toMatchObject({ errorCode: 0, producerIdStart: 0, producerIdLen: 1_000 });
      expect(await ask(2, epoch)).toMatchObject({ errorCode: 0, producerIdStart: 1_000, producerIdLen: 1_000 });
      expect(cluster.znode('/latest_producer_id_block')).toEqual({
        version: 1,
        broker: 2,
        block_start: '1000',
        block_end: '1999',
      });
    }));

  it('changes configurations at any broker, through znodes that all hear of', () =>
    GovernedCluster.run(2, async (cluster) => {
      await createTopic(cluster, 'set', [[1, 2]], { 'retention.ms': '1', 'segment.bytes': '2' });
      const other = otherThanGovernor(cluster);
      const change = (
        resourceType: number,
        resourceName: string,
        configs: readonly object[],
      ): Promise<number | undefined> =>
        cluster
          .ask(other, incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, {
            resources: [{ resourceType, resourceName, configs: configs as never }],
          })
          .then(({ responses }) => responses[0]?.errorCode);
      const set = { name: 'retention.ms', configOperation: 0, value: '9' };
      const remove = { name: 'segment.bytes', configOperation: 1, value: null };
      expect(await change(2, 'set', [set, remove])).toBe(0);
      expect(await change(2, 'nowhere', [set])).toBe(UNKNOWN_TOPIC_OR_PARTITION);
      expect(await change(4, 'seven', [set])).toBe(INVALID_REQUEST);
      expect(await change(4, '', [{ name: 'message.max.bytes', configOperation: 0, value: '5' }])).toBe(0);
      // Source: Java `DynamicBrokerConfig.toPersistentProps` without password.encoder.secret.
      const secret = { name: 'listener.name.tls.ssl.key.password', configOperation: 0, value: 'secret' };
      expect(await change(4, '1', [secret])).toBe(INVALID_REQUEST);
      expect(cluster.hasZnode('/config/brokers/1')).toBe(false);
      expect(cluster.znode('/config/topics/set')).toEqual({ version: 1, config: { 'retention.ms': '9' } });
      expect(cluster.znode('/config/brokers/<default>')).toEqual({ version: 1, config: { 'message.max.bytes': '5' } });
      const notes = cluster.subject.ensemble.server.tree.children('/kafka/config/changes') ?? [];
      const entities = [...notes].sort().map((name) => cluster.znode(`/config/changes/${name}`)?.['entity_path']);
      expect(entities).toEqual(['topics/set', 'brokers/<default>']);
      const seen = ({ view }: GovernedBroker): unknown =>
        view?.configOf({ type: 'topic', name: 'set' }).get('retention.ms');
      await cluster.until(() => cluster.live.every((broker) => seen(broker) === '9'), 'the configuration in all views');

      const { responses } = await cluster.ask(other, alterConfigsRequest, alterConfigsResponse, {
        resources: [{ resourceType: 2, resourceName: 'set', configs: [{ name: 'cleanup.policy', value: 'compact' }] }],
      });
      expect(responses[0]?.errorCode).toBe(0);
      expect(cluster.znode('/config/topics/set')).toEqual({ version: 1, config: { 'cleanup.policy': 'compact' } });
    }));

  it('keeps quotas where Kafka keeps them, and tells them', () =>
    GovernedCluster.run(1, async (cluster) => {
      const user = { entityType: 'user', entityName: 'bob/smith' };
      const client = { entityType: 'client-id', entityName: null };
      const alter = (entity: readonly object[], key: string, value: number): Promise<number | undefined> =>
        cluster
          .ask(cluster.governor, alterClientQuotasRequest, alterClientQuotasResponse, {
            entries: [{ entity: entity as never, ops: [{ key, value, remove: false }] }],
          })
          .then(({ entries }) => entries[0]?.errorCode);
      expect(await alter([user, client], 'producer_byte_rate', 1_024)).toBe(0);
      expect(await alter([user], 'request_percentage', 50)).toBe(0);
      expect(await alter([{ entityType: 'ip', entityName: '10.0.0.1' }], 'connection_creation_rate', 7)).toBe(0);
      expect(await alter([user], 'connection_creation_rate', 7)).toBe(INVALID_REQUEST);
      expect(await alter([user], 'producer_byte_rate', 1.5)).toBe(INVALID_REQUEST);
      expect(cluster.znode('/config/users/bob%2Fsmith/clients/<default>')?.['config']).toEqual({
        producer_byte_rate: '1024',
      });
      expect(cluster.znode('/config/users/bob%2Fsmith')?.['config']).toEqual({ request_percentage: '50.0' });
      const describeQuotas = (components: readonly object[], strict: boolean): Promise<unknown> =>
        cluster
          .ask(cluster.governor, describeClientQuotasRequest, describeClientQuotasResponse, {
            components: components as never,
            strict,
          })
          .then(({ entries }) =>
            entries?.map(({ entity, values }) => [entity, values.map(({ key, value }) => [key, value])]),
          );
      const exactly = { entityType: 'user', matchType: 0, match: 'bob/smith' };
      expect(await describeQuotas([exactly], true)).toEqual([[[user], [['request_percentage', 50]]]]);
      expect(await describeQuotas([exactly, { entityType: 'client-id', matchType: 1, match: null }], true)).toEqual([
        [[user, client], [['producer_byte_rate', 1_024]]],
      ]);
      expect(await describeQuotas([], false)).toHaveLength(3);
    }));

  it('finalizes no feature that brokers of 3.9 do not have', () =>
    GovernedCluster.run(1, async (cluster) => {
      expect(cluster.znode('/feature')).toEqual({ features: {}, version: 2, status: 1 });
      const { errorCode, results } = await cluster.ask(
        cluster.governor,
        updateFeaturesRequest,
        updateFeaturesResponse,
        {
          featureUpdates: [{ feature: 'metadata.version', maxVersionLevel: 20, upgradeType: 1 }],
        },
      );
      expect([errorCode, results.map((row) => row.errorCode)]).toEqual([0, [INVALID_REQUEST]]);
      expect(cluster.znode('/feature')).toEqual({ features: {}, version: 2, status: 1 });
    }));
});
