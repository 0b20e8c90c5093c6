import { ListenerServer, PeerChannel } from '@biquorum/kafka-network';
import { BatchBuilder, decodeRequestHeader, type Init, responseFrame } from '@biquorum/kafka-wire';
import { type FetchResponse, fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { type Log, LogManager } from '@biquorum/log';
import type { BrokerEpoch } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader } from '@biquorum/std';
import { describe, expect, test } from 'vitest';
import { type FetchResult, FetchSessions, type FetchWish } from '../../src/replicas/fetch-sessions.ts';
import { Partition } from '../../src/replicas/partition.ts';
import { ReplicaFetcher } from '../../src/replication/replica-fetcher.ts';
import { followed, LEADER, SELF, SETTINGS, TOPIC_ID } from './support/follower.ts';
import { JavaFetchSessions, type LeaderSessions } from './support/java-fetch-sessions.ts';

const FOLLOWER = { node: SELF, brokerEpoch: 1 as BrokerEpoch };

/** What the leader has of a partition: records of one byte, one a batch, from `logStart` on. */
interface LeaderLog {
  end: number;
  highWatermark: number;
  logStart: number;
  /** Its answer to the next fetch, where it is another one. */
  next: Partial<FetchResult & { readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } }>;
}

/** A follower of epoch 4 that has copied some partitions of three records each, and a leader that keeps real sessions. */
class Pair {
  readonly world: MemoryWorld = new MemoryWorld({ seed: 1 });
  readonly logs: LeaderLog[] = [];
  readonly partitions: Partition[] = [];
  /** Happens while the next answer that says anything of partition 0 is under way; `lost`: it does not arrive. */
  meanwhile: (() => Promise<void> | 'lost') | undefined;
  fetcher!: ReplicaFetcher;
  readonly #sessions: LeaderSessions;
  readonly #leader: Ports;
  readonly #ports: Ports;

  constructor(sessions: (ports: Ports) => LeaderSessions) {
    this.#leader = this.world.addHost('leader').ports;
    this.#ports = this.world.addHost('follower').ports;
    this.#sessions = sessions(this.#leader);
  }

  get log(): Log {
    return (this.partitions[0] as Partition).log;
  }

  async start(partitions: number): Promise<this> {
    const limits = { requestBytesMax: 1 << 20, requestsInFlightMax: 5, responseBytesMax: 1 << 20, idleMsMax: 600_000 };
    const server = new ListenerServer(
      this.#leader,
      { ...limits, connectionsMax: 10, connectionsPerHostMax: 10 },
      { serve: (_connection, frame) => this.#serve(frame), forget: () => {} },
    );
    await this.world.run(server.bind({ listener: 'PLAINTEXT', host: 'leader', port: 9092, backlog: 5 }));
    server.open();
    const { clock, timers, telemetry } = this.#ports;
    const patience = { connectTimeoutMs: 1_000, requestTimeoutMs: 5_000, responseBytesMax: 10 << 20 };
    this.fetcher = new ReplicaFetcher({
      self: SELF,
      leader: LEADER,
      channel: new PeerChannel(this.#ports, { host: 'leader', port: 9092 }, patience),
      clientId: 'test',
      clock,
      timers,
      telemetry,
      brokerEpoch: () => 1 as BrokerEpoch,
      settings: SETTINGS,
    });
    const logs = await this.world.run(LogManager.open({ ports: this.#ports, directories: ['/logs'] }));
    const context = { self: SELF, lagMsMax: 30_000, isEligible: () => true };
    const owner = { propose: () => {}, minInsyncReplicas: () => 1, nowMs: () => clock.monotonicMs() };
    for (let index = 0; index < partitions; index++) {
      this.logs.push({ end: 3, highWatermark: 0, logStart: 0, next: {} });
      const log = await this.world.run(logs.create({ topic: 't', partition: index }, { topicId: TOPIC_ID }));
      const partition = new Partition({ topic: 't', topicId: TOPIC_ID, partition: index }, log, context, owner);
      this.partitions.push(partition);
      partition.follow(followed(4, index));
      this.fetcher.add(partition);
    }
    await this.world.time.runUntil(() => this.partitions.every(({ log }) => log.endOffset === 3));
    await this.world.time.runFor(5_000);
    return this;
  }

  async #serve(frame: Uint8Array) {
    const reader = new ByteReader(frame);
    const { requestApiVersion: version, correlationId } = decodeRequestHeader(reader);
    const request = fetchRequest.decode(reader, version);
    const context = this.#sessions.begin(
      {
        sessionId: request.sessionId,
        sessionEpoch: request.sessionEpoch,
        byTopicId: true,
        follower: FOLLOWER,
        wishes: request.topics.flatMap(({ topicId, partitions }) =>
          partitions.map((row) => ({ ...row, topic: topicId, bytesMax: row.partitionMaxBytes })),
        ),
        forgotten: request.forgottenTopicsData.flatMap(({ topicId, partitions }) =>
          partitions.map((partition) => ({ topic: topicId, partition })),
        ),
      },
      this.#leader.clock.monotonicMs(),
    );
    const respond = (body: Init<FetchResponse>) => {
      const [first, ...rest] = responseFrame(fetchResponse, version, correlationId, body) as Uint8Array[];
      return { kind: 'response' as const, segments: [(first as Uint8Array).subarray(4), ...rest] };
    };
    if (context.kind === 'refused')
      return respond({ errorCode: context.error === 'FETCH_SESSION_ID_NOT_FOUND' ? 70 : 71 });
    const deadline = this.#leader.clock.monotonicMs() + request.maxWaitMs;
    for (;;) {
      const wishes = context.wanted.wishes();
      const results = wishes.map((wish) => this.#read(wish));
      const isOver = context.wanted.isEmpty || this.#leader.clock.monotonicMs() >= deadline;
      if (!isOver && !results.some(({ hasNews, errorCode }) => hasNews || errorCode !== 0)) {
        await new Promise<void>((resolve) => this.#leader.timers.set(100, resolve));
        continue;
      }
      const conclusion = context.conclude(wishes, results);
      if (conclusion.kind === 'refused') return respond({ errorCode: 71 });
      const rows = wishes.flatMap(({ partition }, index) =>
        conclusion.includes(index) ? [{ ...results[index], partitionIndex: partition }] : [],
      );
      if (this.meanwhile !== undefined && rows.some(({ partitionIndex }) => partitionIndex === 0)) {
        const done = this.meanwhile();
        this.meanwhile = undefined;
        if (done === 'lost') return { kind: 'close' as const, reason: 'the leader’s host is gone' };
        await done;
      }
      const responses = rows.length === 0 ? [] : [{ topicId: TOPIC_ID, partitions: rows }];
      return respond({ sessionId: conclusion.sessionId, responses });
    }
  }

  #read({ partition, fetchOffset }: FetchWish) {
    const log = this.logs[partition] as LeaderLog;
    const { next, highWatermark, logStart } = log;
    log.next = {};
    const records =
      next.divergingEpoch === undefined && next.errorCode === undefined ? recordsOf(fetchOffset, log.end) : [];
    const facts = { errorCode: 0, highWatermark, logStartOffset: logStart, ...next };
    const hasNews = records.length > 0 || next.divergingEpoch !== undefined;
    return { ...facts, records: Buffer.concat(records), hasNews };
  }
}

function recordsOf(from: number, end: number): Uint8Array[] {
  return Array.from({ length: Math.max(0, end - from) }, (_, index) => batch(from + index));
}

function batch(baseOffset: number): Uint8Array {
  const builder = new BatchBuilder({ baseOffset, partitionLeaderEpoch: 4 });
  builder.append(0, null, new Uint8Array([baseOffset]));
  return builder.build().slice();
}

/** Ways in which a follower does not take an answer, and where the log then has to end. */
const WAYS: Record<string, (pair: Pair, log: LeaderLog) => number> = {
  'the leader epoch changed while it was under way': (pair) => {
    pair.meanwhile = async () => {
      const [partition] = pair.partitions as [Partition];
      await pair.fetcher.remove(partition);
      partition.follow(followed(5));
      pair.fetcher.add(partition);
    };
    return 3;
  },
  'the leader moved to another address and back while it was under way': (pair) => {
    pair.meanwhile = async () => {
      const [partition] = pair.partitions as [Partition];
      await pair.fetcher.remove(partition);
      pair.fetcher.add(partition);
    };
    return 3;
  },
  'the log ended elsewhere when it came': (pair, leader) => {
    leader.end = 4;
    pair.meanwhile = async () => {
      expect(pair.log.appendAsFollower(batch(3), { leaderEpoch: 4 }).kind).toBe('appended');
    };
    return 4;
  },
  'the connection broke': (pair) => {
    pair.meanwhile = () => 'lost';
    return 3;
  },
  'it said where to cut the log': (_, leader) => {
    leader.next = { divergingEpoch: { epoch: 4, endOffset: 2 } };
    leader.end = 2;
    leader.highWatermark = 2;
    return 2;
  },
  'it was an error': (_, leader) => {
    leader.next = { errorCode: 6 };
    return 3;
  },
};

const LEADERS: Record<string, (ports: Ports) => LeaderSessions> = {
  'a leader of ours': ({ random }) => new FetchSessions(10, random),
  'an Apache leader': () => new JavaFetchSessions(),
};

describe.each(Object.keys(LEADERS))('the answer of %s that a follower does not take', (leader) => {
  describe.each([1, 2])('with partitions: %i', (partitions) => {
    test.each(Object.keys(WAYS))('because %s: high watermark and log start come again', async (way) => {
      const pair = await new Pair(LEADERS[leader] as never).start(partitions);
      expect([pair.log.highWatermark, pair.log.logStartOffset]).toEqual([0, 0]);
      const log = pair.logs[0] as LeaderLog;
      Object.assign(log, { highWatermark: 3, logStart: 1 });
      const end = WAYS[way]?.(pair, log);
      // From here on the leader stands still: nothing else will ever make it speak of the partition.
      await pair.world.time.runUntil(
        () => pair.log.highWatermark === log.highWatermark && pair.log.logStartOffset === 1,
        {
          limitMs: 60_000,
        },
      );
      expect(pair.log.endOffset).toBe(end);
      pair.fetcher.close();
    });
  });
});
