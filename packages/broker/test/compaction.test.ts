import { errorName } from '@biquorum/kafka-wire';
import { findCoordinatorRequest, findCoordinatorResponse } from '@biquorum/kafka-wire/messages/find-coordinator';
import { offsetCommitRequest, offsetCommitResponse } from '@biquorum/kafka-wire/messages/offset-commit';
import { offsetFetchRequest, offsetFetchResponse } from '@biquorum/kafka-wire/messages/offset-fetch';
import type { Log } from '@biquorum/log';
import { afterEach, expect, test } from 'vitest';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

const GROUPS = 5;
const COMMITS = 400;
const PROPERTIES = {
  'offsets.topic.num.partitions': '1',
  'offsets.topic.segment.bytes': '4096',
  'log.cleaner.backoff.ms': '1000',
};
let cluster: TestCluster;
afterEach(() => cluster.stop());

test('the offsets topic is compacted, by replicas of both roles, and every group keeps its last offset', async () => {
  cluster = await new TestCluster(3, PROPERTIES).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 1);
  await commitUntilDone(client, 'g0', 0);
  const coordinator = await cluster.untilLeader('__consumer_offsets');
  await cluster.untilIsr('__consumer_offsets', 0, 3);
  for (let offset = 1; offset <= COMMITS; offset++) {
    expect(await commit(client, coordinator, `g${offset % GROUPS}`, offset)).toBe('NONE');
  }
  const written = logOf(coordinator).endOffset;
  expect(logOf(coordinator).segmentBaseOffsets.length).toBeGreaterThan(5);
  // Whatever lies below the active segment comes down to one record for each key.
  await cluster.world.time.runFor(60_000);
  for (const id of [1, 2, 3]) {
    const log = logOf(id);
    const kept = await cluster.run(recordsBelow(log, log.segmentBaseOffsets.at(-1) as number));
    expect(kept).toBe(GROUPS);
    expect(log.endOffset).toBe(written);
  }

  const expected = (group: number): number => COMMITS - ((COMMITS - group) % GROUPS);
  cluster.kill(coordinator);
  const next = await cluster.untilLeader('__consumer_offsets', 0, coordinator);
  for (let group = 0; group < GROUPS; group++) {
    expect(await committed(client, next, `g${group}`)).toBe(expected(group));
  }
  await cluster.restart(coordinator);
  await cluster.untilIsr('__consumer_offsets', 0, 3);
  expect(cluster.broker(coordinator).core?.logs.findings).toEqual([]);
});

function logOf(id: number): Log {
  const log = cluster.broker(id).core?.logs.get({ topic: '__consumer_offsets', partition: 0 });
  if (log === undefined) throw new Error(`broker ${id} has no offsets`);
  return log;
}

async function recordsBelow(log: Log, offset: number): Promise<number> {
  let count = 0;
  for await (const batch of log.batches(log.logStartOffset)) {
    if (batch.baseOffset >= offset) break;
    count += batch.recordCount;
  }
  return count;
}

async function commit(client: TestClient, broker: number, groupId: string, committedOffset: number): Promise<string> {
  const partition = { partitionIndex: 0, committedOffset, committedMetadata: '' };
  const { topics } = await client.ask(broker, offsetCommitRequest, offsetCommitResponse, 7, {
    groupId,
    generationIdOrMemberEpoch: -1,
    topics: [{ name: 't', partitions: [partition] }],
  });
  return errorName(topics[0]?.partitions[0]?.errorCode ?? -1);
}

/** The first commit waits for the topic to be made and its coordinator to load. */
async function commitUntilDone(client: TestClient, group: string, offset: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { nodeId } = await client.ask(1, findCoordinatorRequest, findCoordinatorResponse, 3, { key: group });
    if (nodeId > 0 && (await commit(client, nodeId, group, offset)) === 'NONE') return;
    await cluster.world.time.runFor(100);
  }
  throw new Error('no coordinator');
}

async function committed(client: TestClient, broker: number, groupId: string): Promise<number> {
  const body = { groupId, topics: [{ name: 't', partitionIndexes: [0] }] };
  for (let attempt = 0; attempt < 200; attempt++) {
    const { errorCode, topics } = await client.ask(broker, offsetFetchRequest, offsetFetchResponse, 6, body);
    if (errorName(errorCode) === 'NONE') return topics[0]?.partitions[0]?.committedOffset ?? -2;
    await cluster.world.time.runFor(100);
  }
  throw new Error(`group ${groupId} is not served by broker ${broker}`);
}
