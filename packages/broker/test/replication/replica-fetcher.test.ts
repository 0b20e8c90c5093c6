import { ListenerServer, PeerChannel } from '@biquorum/kafka-network';
import { BatchBuilder, decodeRequestHeader, type Init, responseFrame } from '@biquorum/kafka-wire';
import {
  type FetchRequest,
  type FetchResponsePartitionData,
  fetchRequest,
  fetchResponse,
} from '@biquorum/kafka-wire/messages/fetch';
import { LogManager } from '@biquorum/log';
import type { BrokerEpoch } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader } from '@biquorum/std';
import { expect, test } from 'vitest';
import { Partition } from '../../src/replicas/partition.ts';
import { ReplicaFetcher } from '../../src/replication/replica-fetcher.ts';
import { followed, LEADER, SELF, SETTINGS, TOPIC_ID } from './support/follower.ts';

type Answer = Omit<Init<FetchResponsePartitionData>, 'partitionIndex'>;

/** A follower of epoch 4 and a leader that answers its fetches one after the other as it is told to. */
async function follower(answers: (request: FetchRequest, count: number) => Answer, startOffset = 0) {
  const world = new MemoryWorld({ seed: 1 });
  const leader = world.addHost('leader').ports;
  const { ports } = world.addHost('follower');
  let count = 0;
  const limits = { requestBytesMax: 1 << 20, requestsInFlightMax: 5, responseBytesMax: 1 << 20, idleMsMax: 600_000 };
  const server = new ListenerServer(
    leader,
    { ...limits, connectionsMax: 10, connectionsPerHostMax: 10 },
    {
      serve: (_connection, frame) => {
        const reader = new ByteReader(frame);
        const { requestApiVersion: version, correlationId } = decodeRequestHeader(reader);
        const request = fetchRequest.decode(reader, version);
        const partitions = [{ partitionIndex: 0, ...answers(request, count++) }];
        const body = { responses: [{ topicId: TOPIC_ID, partitions }] };
        const [first, ...rest] = responseFrame(fetchResponse, version, correlationId, body) as Uint8Array[];
        return { kind: 'response', segments: [(first as Uint8Array).subarray(4), ...rest] };
      },
      forget: () => {},
    },
  );
  await world.run(server.bind({ listener: 'PLAINTEXT', host: 'leader', port: 9092, backlog: 5 }));
  server.open();

  const logs = await world.run(LogManager.open({ ports, directories: ['/logs'] }));
  const log = await world.run(logs.create({ topic: 't', partition: 0 }, { topicId: TOPIC_ID }));
  await world.run(log.truncateFullyAndStartAt(startOffset));
  const context = { self: SELF, lagMsMax: 30_000, isEligible: () => true };
  const owner = { propose: () => {}, minInsyncReplicas: () => 1, nowMs: () => ports.clock.monotonicMs() };
  const partition = new Partition({ topic: 't', topicId: TOPIC_ID, partition: 0 }, log, context, owner);
  partition.follow(followed(4));
  const patience = { connectTimeoutMs: 1_000, requestTimeoutMs: 5_000, responseBytesMax: 10 << 20 };
  const { clock, timers, telemetry } = ports;
  const fetcher = new ReplicaFetcher({
    self: SELF,
    leader: LEADER,
    channel: new PeerChannel(ports, { host: 'leader', port: 9092 }, patience),
    clientId: 'test',
    clock,
    timers,
    telemetry,
    brokerEpoch: () => 1 as BrokerEpoch,
    settings: SETTINGS,
  });
  fetcher.add(partition);
  return { world, log, partition, fetcher };
}

function batch(baseOffset: number, partitionLeaderEpoch: number): Uint8Array {
  const builder = new BatchBuilder({ baseOffset, partitionLeaderEpoch });
  builder.append(0, null, new Uint8Array([baseOffset]));
  return builder.build().slice();
}

test('what a leader that was deposed sends of its successor’s is not taken for its own (KAFKA-18723)', async () => {
  const asked: number[] = [];
  const { world, log, partition, fetcher } = await follower((request, count) => {
    const wish = request.topics[0]?.partitions[0];
    if (wish !== undefined) asked.push(wish.currentLeaderEpoch);
    // It has cut its log and follows the leader of epoch 5 by now, and answers what it was asked as the leader of 4.
    const records = count === 0 ? Buffer.concat([batch(0, 4), batch(1, 5), batch(2, 5)]) : batch(log.endOffset, 5);
    return { records, highWatermark: 3, logStartOffset: 0 };
  });
  await world.time.runFor(10_000);
  expect(log.endOffset).toBe(1);
  expect(log.latestEpoch).toBe(4);
  expect(new Set(asked)).toEqual(new Set([4]));
  // Once the follower knows of epoch 5, it takes them.
  await world.run(Promise.resolve(fetcher.remove(partition)));
  partition.follow(followed(5));
  fetcher.add(partition);
  await world.time.runUntil(() => log.endOffset > 1);
  expect(log.latestEpoch).toBe(5);
  fetcher.close();
});

test('an empty replica takes a batch in whose middle the leader’s log begins, after records were deleted', async () => {
  const builder = new BatchBuilder({ baseOffset: 0, partitionLeaderEpoch: 4 });
  for (let index = 0; index < 20; index++) builder.append(0, null, new Uint8Array([index]));
  const records = Buffer.from(builder.build());
  const asked: number[] = [];
  const { world, log, fetcher } = await follower((request) => {
    const offset = request.topics[0]?.partitions[0]?.fetchOffset ?? -1;
    asked.push(offset);
    const known = { highWatermark: 20, logStartOffset: 10 };
    if (offset < 10) return { errorCode: 1, records: null, highWatermark: -1, logStartOffset: -1 };
    return { ...known, records: offset < 20 ? records : null };
  }, 10);
  await world.time.runUntil(() => log.endOffset === 20 && log.logStartOffset === 10);
  expect(log.highWatermark).toBe(20);
  expect(asked.filter((offset) => offset === 10)).toHaveLength(1);
  fetcher.close();
});

// Found by the simulation of whole clusters, seed 74: the follower never fetched again and stayed out of the ISR.
test('an error that was said of the epoch before does not end the copying under the next one', async () => {
  const asked: number[] = [];
  let change = (): void => {};
  const { world, fetcher, partition } = await follower((request, count) => {
    asked.push(request.topics[0]?.partitions[0]?.currentLeaderEpoch ?? -1);
    if (count > 0) return { highWatermark: 0 };
    change();
    return { errorCode: 74 };
  });
  change = (): void => {
    void fetcher.remove(partition);
    partition.follow(followed(5));
    fetcher.add(partition);
  };
  await world.time.runUntil(() => asked.length >= 3);
  expect(asked.slice(0, 3)).toEqual([4, 5, 5]);
  fetcher.close();
});

test('a leader that names a place to cut behind the end is asked again after the backoff, not at once', async () => {
  let asked = 0;
  const { world, log, fetcher } = await follower((_, count) => {
    asked++;
    if (count === 0) return { records: Buffer.from(batch(0, 4)), highWatermark: 1, logStartOffset: 0 };
    return { divergingEpoch: { epoch: 4, endOffset: 1 }, highWatermark: 1, logStartOffset: 0 };
  });
  await world.time.runUntil(() => log.endOffset === 1);
  asked = 0;
  await world.time.runFor(10_000);
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThan(15);
  fetcher.close();
});
