import { apiByKey, errorName, type MessageCodec } from '@biquorum/kafka-wire';
import { apiVersionsRequest, apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import { messageByName } from '@biquorum/kafka-wire/registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORE_RANGES } from '../src/apis/table.ts';
import { TestCluster } from './support/test-cluster.ts';

/** What makes each API do more than refuse an empty request. */
const bodies: Record<string, (version: number) => object> = {
  Produce: () => ({
    acks: 1,
    timeoutMs: 1_000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records: null }] }],
  }),
  Fetch: (version) => ({
    ...(version < 15 ? { replicaId: -1 } : {}),
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000,
    topics:
      version >= 13 ? [] : [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000 }] }],
  }),
  ListOffsets: (version) => ({
    replicaId: -1,
    topics: [
      {
        name: 't',
        partitions: [{ partitionIndex: 0, timestamp: -1n, ...(version === 0 ? { maxNumOffsets: 1 } : {}) }],
      },
    ],
  }),
  Metadata: () => ({ topics: [{ name: 't' }] }),
  OffsetCommit: () => ({
    groupId: 'g',
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: '' }] }],
  }),
  OffsetFetch: (version) =>
    version >= 8
      ? { groups: [{ groupId: 'g', topics: [{ name: 't', partitionIndexes: [0, 1] }] }] }
      : { groupId: 'g', topics: [{ name: 't', partitionIndexes: [0, 1] }] },
  FindCoordinator: (version) => (version >= 4 ? { coordinatorKeys: ['g'] } : { key: 'g' }),
  JoinGroup: () => ({
    groupId: 'g2',
    sessionTimeoutMs: 10_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: new Uint8Array(0) }],
  }),
  SyncGroup: () => ({ groupId: 'g', generationId: 1, memberId: 'm' }),
  Heartbeat: () => ({ groupId: 'g', generationId: 1, memberId: 'm' }),
  LeaveGroup: (version) =>
    version >= 3 ? { groupId: 'g', members: [{ memberId: 'm' }] } : { groupId: 'g', memberId: 'm' },
  DescribeGroups: () => ({ groups: ['g'] }),
  DeleteGroups: () => ({ groupsNames: ['nobody'] }),
  OffsetDelete: () => ({ groupId: 'g', topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }] }),
  DeleteRecords: () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 0 }] }], timeoutMs: 100 }),
  OffsetForLeaderEpoch: () => ({ topics: [{ topic: 't', partitions: [{ partition: 0, leaderEpoch: 0 }] }] }),
  DescribeConfigs: () => ({ resources: [{ resourceType: 2, resourceName: 't', configurationKeys: null }] }),
  DescribeLogDirs: () => ({ topics: null }),
  DescribeProducers: () => ({ topics: [{ name: 't', partitionIndexes: [0] }] }),
  DescribeTopicPartitions: () => ({ topics: [{ name: 't' }], responsePartitionLimit: 10 }),
  InitProducerId: () => ({ transactionalId: null, transactionTimeoutMs: 1_000 }),
  ApiVersions: (version) => (version >= 3 ? { clientSoftwareName: 'test', clientSoftwareVersion: '1' } : {}),
};

let cluster: TestCluster;
let announced: ReadonlySet<number>;
beforeAll(async () => {
  cluster = await new TestCluster(1).start();
  const client = cluster.client('setup');
  await cluster.createTopic(client, 't', 1);
  const { apiKeys } = await client.ask(1, apiVersionsRequest, apiVersionsResponse, 0, {});
  announced = new Set(apiKeys.map(({ apiKey }) => apiKey));
  const find = await codecs('FindCoordinator');
  await client.ask(1, find.request, find.response, 3, { key: 'g' });
  await cluster.world.time.runUntil(() => cluster.brokers[0]?.core?.groups.of('g')?.list() != null);
});
afterAll(() => cluster.stop());

async function codecs(name: string): Promise<{ request: MessageCodec<object>; response: MessageCodec<object> }> {
  return {
    request: messageByName.get(`${name}Request`) as MessageCodec<object>,
    response: messageByName.get(`${name}Response`) as MessageCodec<object>,
  };
}

describe('every announced version is answered in that version', () => {
  for (const { apiKey, min, max } of CORE_RANGES) {
    const name = apiByKey(apiKey)?.name ?? '?';
    test(`${name} ${min}–${max}`, async ({ skip }) => {
      skip(!announced.has(apiKey), 'brokers of this mode do not have it');
      const { request, response } = await codecs(name);
      const client = cluster.client(`client-${name}`);
      for (let version = min; version <= max; version++) {
        const body = bodies[name]?.(version) ?? {};
        const answer = await client.ask(1, request, response, version, body);
        const errors = [...errorsIn(answer)].map((code) => errorName(code));
        expect(errors, `${name} version ${version}`).not.toContain('UNKNOWN_SERVER_ERROR');
        // Offsets of the oldest version were never a coordinator's.
        const isOlder = version === 0 && (name === 'OffsetCommit' || name === 'OffsetFetch');
        expect(errors.includes('UNSUPPORTED_VERSION'), `${name} version ${version}`).toBe(isOlder);
      }
    });
  }
});

/** All error codes in an answer, at any depth. */
function* errorsIn(answer: object): Iterable<number> {
  for (const [key, value] of Object.entries(answer)) {
    if (key === 'errorCode' || key === 'topicConfigErrorCode') yield value as number;
    else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) yield* errorsIn(value);
  }
}
