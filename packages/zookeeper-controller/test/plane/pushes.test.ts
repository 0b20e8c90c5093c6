import type { BrokerHost, PlaneReply, ReplicaChange } from '@biquorum/control-plane';
import { errorName, type Init, type MessageCodec } from '@biquorum/kafka-wire';
import {
  type LeaderAndIsrRequest,
  leaderAndIsrRequest,
  leaderAndIsrResponse,
} from '@biquorum/kafka-wire/messages/leader-and-isr';
import { stopReplicaRequest, stopReplicaResponse } from '@biquorum/kafka-wire/messages/stop-replica';
import { updateMetadataRequest, updateMetadataResponse } from '@biquorum/kafka-wire/messages/update-metadata';
import { encodeEntityConfig, encodeTopicAssignment, entityPath, topicPath } from '@biquorum/kafka-znodes';
import { emptyView, type TopicId } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader } from '@biquorum/std';
import { ClientListener, StandaloneServer } from '@biquorum/zookeeper';
import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { describe, expect, it } from 'vitest';
import { ConfigFeed } from '../../src/plane/config-feed.ts';
import { PushInbox } from '../../src/plane/push-inbox.ts';
import { ViewChain } from '../../src/plane/view-chain.ts';

const TOPIC_ID = 'TS9fFX3PQSCPG6_mBebFHQ' as TopicId;
const OTHER_ID = 'MQJ6cDt3RzyQfaKFpaOKqA' as TopicId;
const SELF = 1;
const EPOCH = 100;

const partition = {
  topicName: 't',
  partitionIndex: 0,
  controllerEpoch: 3,
  leader: 1,
  leaderEpoch: 5,
  isr: [1, 2],
  partitionEpoch: 7,
  replicas: [1, 2],
};

const roles = (over: Init<LeaderAndIsrRequest> = {}, state: object = {}): Init<LeaderAndIsrRequest> => ({
  controllerId: 2,
  controllerEpoch: 3,
  brokerEpoch: EPOCH,
  topicStates: [{ topicName: 't', topicId: TOPIC_ID, partitionStates: [{ ...partition, ...state }] }],
  liveLeaders: [],
  ...over,
});

describe('LeaderAndIsr', () => {
  for (let version = 0; version <= 7; version++) {
    it(`of version ${version} makes a leader, with the topic's configuration`, async () => {
      await withBroker(async (broker) => {
        const flat = { topicStates: [], ungroupedPartitionStates: [partition] };
        await broker.makeTopic();
        if (version < 5) await broker.tell();
        const answer = await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, version, {
          ...roles(),
          ...(version < 2 ? flat : {}),
        });
        expect(answer.errorCode).toBe(0);
        const errors = version < 5 ? answer.partitionErrors : answer.topics.flatMap((topic) => topic.partitionErrors);
        expect(errors).toMatchObject([{ partitionIndex: 0, errorCode: 0 }]);
        if (version >= 5) expect(answer.topics[0]?.topicId).toBe(TOPIC_ID);
        expect(broker.changes).toMatchObject([{ topic: 't', topicId: TOPIC_ID, to: 'lead', leaderEpoch: 5 }]);
        expect(broker.changes[0]?.configs).toEqual(new Map([['retention.ms', '1000']]));
      });
    });
  }

  const refusals: readonly (readonly [string, Init<LeaderAndIsrRequest>, object, string])[] = [
    ['an equal leader epoch', {}, {}, 'STALE_CONTROLLER_EPOCH'],
    ['a lower leader epoch', {}, { leaderEpoch: 4 }, 'STALE_CONTROLLER_EPOCH'],
    ['a replica that is not here', {}, { leaderEpoch: 6, replicas: [2, 3] }, 'UNKNOWN_TOPIC_OR_PARTITION'],
  ];
  for (const [what, over, state, error] of refusals) {
    it(`with ${what} is answered ${error} for the partition`, async () => {
      await withBroker(async (broker) => {
        await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles());
        const { errorCode, topics } = await broker.ask(
          leaderAndIsrRequest,
          leaderAndIsrResponse,
          7,
          roles(over, state),
        );
        expect([errorCode, errorName(topics[0]?.partitionErrors[0]?.errorCode ?? 0)]).toEqual([0, error]);
        expect(broker.changes.length).toBe(1);
      });
    });
  }

  it('for another topic of the name is answered INCONSISTENT_TOPIC_ID', async () => {
    await withBroker(async (broker) => {
      await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles());
      const topicStates = [{ topicName: 't', topicId: OTHER_ID, partitionStates: [{ ...partition, leaderEpoch: 9 }] }];
      const { topics } = await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles({ topicStates }));
      expect(errorName(topics[0]?.partitionErrors[0]?.errorCode ?? 0)).toBe('INCONSISTENT_TOPIC_ID');
    });
  });
});

describe('pushes', () => {
  it('for an earlier registration are answered STALE_BROKER_EPOCH; those that name none are taken', async () => {
    await withBroker(async (broker) => {
      const stale = await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles({ brokerEpoch: EPOCH - 1 }));
      expect(errorName(stale.errorCode)).toBe('STALE_BROKER_EPOCH');
      const unnamed = await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles({ brokerEpoch: -1 }));
      expect(unnamed.errorCode).toBe(0);
      expect(broker.changes.length).toBe(1);
    });
  });

  it('of a controller whose successor was heard of by any kind of push are answered STALE_CONTROLLER_EPOCH', async () => {
    await withBroker(async (broker) => {
      const body = { controllerId: 2, controllerEpoch: 4, brokerEpoch: EPOCH, topicStates: [], liveBrokers: [] };
      expect((await broker.ask(updateMetadataRequest, updateMetadataResponse, 8, body)).errorCode).toBe(0);
      const roleAnswer = await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles());
      const stop = { controllerId: 1, controllerEpoch: 3, brokerEpoch: EPOCH, topicStates: [] };
      const stopAnswer = await broker.ask(stopReplicaRequest, stopReplicaResponse, 4, stop);
      const old = { ...body, controllerId: 1, controllerEpoch: 3 };
      const viewAnswer = await broker.ask(updateMetadataRequest, updateMetadataResponse, 8, old);
      const codes = [roleAnswer, stopAnswer, viewAnswer].map(({ errorCode }) => errorName(errorCode));
      expect(codes).toEqual(['STALE_CONTROLLER_EPOCH', 'STALE_CONTROLLER_EPOCH', 'STALE_CONTROLLER_EPOCH']);
      expect([broker.changes, broker.chain.view.fields.controller]).toEqual([[], 2]);
    });
  });
});

describe('StopReplica', () => {
  for (let version = 0; version <= 4; version++) {
    it(`of version ${version} deletes a replica of the topic that is held`, async () => {
      await withBroker(async (broker) => {
        await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles());
        const answer = await broker.ask(stopReplicaRequest, stopReplicaResponse, version, {
          controllerId: 2,
          controllerEpoch: 3,
          brokerEpoch: EPOCH,
          ...(version < 3 ? { deletePartitions: true } : {}),
          ...(version === 0 ? { ungroupedPartitions: [{ topicName: 't', partitionIndex: 0 }] } : {}),
          ...(version === 1 || version === 2 ? { topics: [{ name: 't', partitionIndexes: [0] }] } : {}),
          ...(version >= 3
            ? {
                topicStates: [
                  { topicName: 't', partitionStates: [{ partitionIndex: 0, leaderEpoch: -2, deletePartition: true }] },
                ],
              }
            : {}),
        });
        expect(answer.partitionErrors).toMatchObject([{ topicName: 't', partitionIndex: 0, errorCode: 0 }]);
        expect(broker.changes.at(-1)).toMatchObject({ to: 'delete', topicId: TOPIC_ID, partition: 0 });
      });
    });
  }

  it('with a lower leader epoch is answered FENCED_LEADER_EPOCH', async () => {
    await withBroker(async (broker) => {
      await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles());
      const partitionStates = [{ partitionIndex: 0, leaderEpoch: 4, deletePartition: false }];
      const answer = await broker.ask(stopReplicaRequest, stopReplicaResponse, 4, {
        controllerId: 2,
        controllerEpoch: 3,
        brokerEpoch: EPOCH,
        topicStates: [{ topicName: 't', partitionStates }],
      });
      expect(errorName(answer.partitionErrors[0]?.errorCode ?? 0)).toBe('FENCED_LEADER_EPOCH');
      expect(broker.changes.length).toBe(1);
    });
  });

  it('of a topic that was deleted while the broker was away finds its id in ZooKeeper', async () => {
    await withBroker(async (broker) => {
      await broker.makeTopic();
      const partitionStates = [{ partitionIndex: 0, leaderEpoch: -2, deletePartition: true }];
      await broker.ask(stopReplicaRequest, stopReplicaResponse, 4, {
        controllerId: 2,
        controllerEpoch: 3,
        brokerEpoch: EPOCH,
        topicStates: [{ topicName: 't', partitionStates }],
      });
      expect(broker.changes).toMatchObject([{ to: 'delete', topicId: TOPIC_ID }]);
    });
  });
});

describe('UpdateMetadata', () => {
  for (let version = 0; version <= 8; version++) {
    it(`of version ${version} becomes a view`, async () => {
      await withBroker(async (broker) => {
        await broker.tell(version);
        const { view } = broker.chain;
        if (version >= 7) expect(view.topics.get('t')?.id).toBe(TOPIC_ID);
        expect(view.topics.get('t')?.partition(0)).toMatchObject({ leader: 1, leaderEpoch: 5, partitionEpoch: 7 });
        expect(view.fields.controller).toBe(2);
        const [endpoint] = view.brokers.get(1)?.endpoints ?? [];
        expect(endpoint).toMatchObject({ listener: 'PLAINTEXT', host: 'h1', port: 9092 });
        expect(view.configOf({ type: 'topic', name: 't' })).toEqual(new Map());
      });
    });
  }

  it('takes brokers as a whole, and a topic away whose partitions have the leader of deletion', async () => {
    await withBroker(async (broker) => {
      await broker.makeTopic();
      await broker.tell();
      expect(broker.chain.view.configOf({ type: 'topic', name: 't' }).size).toBe(1);
      const doomed = { ...partition, zkVersion: 7, leader: -2, leaderEpoch: 0 };
      await broker.ask(updateMetadataRequest, updateMetadataResponse, 8, {
        controllerId: 2,
        controllerEpoch: 3,
        brokerEpoch: EPOCH,
        topicStates: [{ topicName: 't', topicId: TOPIC_ID, partitionStates: [doomed] }],
        liveBrokers: [],
      });
      const { view } = broker.chain;
      expect([view.topics.size, view.brokers.size]).toEqual([0, 0]);
      expect(view.configOf({ type: 'topic', name: 't' }).size).toBe(0);
    });
  });

  // Who was away while its replica was moved is never told to stop it: it led on in an epoch of before.
  it('of a newer epoch that places a replica elsewhere stops it here, with its data; an older one does not', async () => {
    await withBroker(async (broker) => {
      await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles());
      const tell = (leaderEpoch: number, replicas: number[]) =>
        broker.ask(updateMetadataRequest, updateMetadataResponse, 8, {
          controllerId: 2,
          controllerEpoch: 3,
          brokerEpoch: EPOCH,
          topicStates: [
            {
              topicName: 't',
              topicId: TOPIC_ID,
              partitionStates: [{ ...partition, leader: 2, leaderEpoch, zkVersion: leaderEpoch + 2, replicas }],
            },
          ],
          liveBrokers: [],
        });
      for (const [epoch, replicas] of [
        [4, [2, 3]],
        [5, [2, 3]],
        [6, [2, 1]],
      ] as const) {
        await tell(epoch, [...replicas]);
        // A push of a role comes behind what they may have asked for.
        await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles());
        expect(broker.changes.map(({ to }) => to)).toEqual(['lead']);
      }
      await tell(7, [2, 3]);
      await broker.ask(leaderAndIsrRequest, leaderAndIsrResponse, 7, roles({}, { leaderEpoch: 8, isr: [2] }));
      expect(broker.changes.map(({ to, leaderEpoch }) => [to, leaderEpoch])).toEqual([
        ['lead', 5],
        ['stop', 7],
        ['lead', 8],
      ]);
    });
  });

  it('never takes a partition back, and leaves room for partitions that are told later', async () => {
    await withBroker(async (broker) => {
      await broker.tell();
      const state = (index: number, leaderEpoch: number, zkVersion: number) => ({
        ...partition,
        partitionIndex: index,
        leaderEpoch,
        zkVersion,
      });
      await broker.ask(updateMetadataRequest, updateMetadataResponse, 8, {
        controllerId: 2,
        controllerEpoch: 3,
        brokerEpoch: EPOCH,
        topicStates: [{ topicName: 't', topicId: TOPIC_ID, partitionStates: [state(0, 4, 9), state(2, 0, 0)] }],
        liveBrokers: [],
      });
      const topic = broker.chain.view.topics.get('t');
      expect([0, 1, 2].map((index) => topic?.leaderEpochOf(index))).toEqual([5, -1, 0]);
    });
  });
});

describe('a broker that registers anew', () => {
  it('forgets the topics that were deleted while it was away, and no others', async () => {
    await withBroker(async (broker) => {
      await broker.makeTopic();
      await broker.tell();
      await broker.inbox.forgetDeleted();
      expect([...broker.chain.view.topics.keys()]).toEqual(['t']);
      await broker.deleteTopic();
      // What was pushed before it registered comes first.
      const told = broker.tell();
      await broker.inbox.forgetDeleted();
      await told;
      const { view } = broker.chain;
      expect(view.topics.size).toBe(0);
      expect(view.configOf({ type: 'topic', name: 't' }).size).toBe(0);
    });
  });
});

interface TestBroker {
  readonly inbox: PushInbox;
  readonly chain: ViewChain;
  readonly changes: readonly ReplicaChange[];
  /** Makes the znodes of topic `t`. */
  makeTopic(): Promise<void>;
  deleteTopic(): Promise<void>;
  /** Pushes what is known of topic `t`. */
  tell(version?: number): Promise<void>;
  ask<Request, Response>(
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    version: number,
    body: Init<Request>,
  ): Promise<Response>;
}

/** Runs a test with an inbox whose broker obeys, beside a ZooKeeper in memory. */
function withBroker(body: (broker: TestBroker) => Promise<void>): Promise<void> {
  const world = new MemoryWorld({ seed: 1 });
  const ensemble = world.addHost('ensemble').ports;
  const { ports } = world.addHost('broker');
  return world.run(async () => {
    const server = new StandaloneServer({ clock: ensemble.clock });
    await new ClientListener(server.server, { host: '0.0.0.0', port: 2181 }).open(ensemble.network);
    const client = new ZooKeeperClient({ connect: 'ensemble:2181', ports });
    const chain = new ViewChain(emptyView('c'));
    const changes: ReplicaChange[] = [];
    const host = {
      identity: { id: SELF },
      authorize: () => true,
      assign: async (some: readonly ReplicaChange[]) => {
        changes.push(...some);
        return some.map((change) => ({ partition: change, error: 'NONE' }));
      },
    } as unknown as BrokerHost;
    const inbox = new PushInbox({
      host,
      chain,
      configs: new ConfigFeed(chain, ports),
      session: () => client,
      brokerEpoch: () => EPOCH,
      onFault: (error) => {
        throw error;
      },
    });
    const ask: TestBroker['ask'] = async (request, response, apiVersion, content) => {
      const frame = request.toBytes(content, apiVersion);
      const apiKey = request.table.apiKey ?? -1;
      const context = { listener: 'PLAINTEXT' } as Parameters<PushInbox['handle']>[0]['context'];
      const reply: PlaneReply = await inbox.handle({
        context,
        apiKey,
        apiVersion,
        correlationId: 1,
        frame,
        bodyOffset: 0,
      });
      if (reply.kind === 'close') throw new Error(reply.reason);
      return response.decode(new ByteReader(reply.body), apiVersion);
    };
    await body({
      inbox,
      chain,
      changes,
      ask,
      async makeTopic() {
        const partitions = new Map([[0, { replicas: [1, 2], adding: [], removing: [] }]]);
        await client.createPath(topicPath('t'), encodeTopicAssignment({ topicId: TOPIC_ID, partitions }));
        await client.createPath(entityPath('topics', 't'), encodeEntityConfig(new Map([['retention.ms', '1000']])));
      },
      async deleteTopic() {
        await client.delete(topicPath('t'));
        await client.delete(entityPath('topics', 't'));
      },
      async tell(version = 8) {
        const state = { ...partition, zkVersion: partition.partitionEpoch };
        const endpoint = {
          host: 'h1',
          port: 9092,
          securityProtocol: 0,
          ...(version >= 3 ? { listener: 'PLAINTEXT' } : {}),
        };
        const { errorCode } = await ask(updateMetadataRequest, updateMetadataResponse, version, {
          controllerId: 2,
          controllerEpoch: 3,
          ...(version >= 5 ? { brokerEpoch: EPOCH } : {}),
          ...(version >= 5
            ? {
                topicStates: [
                  { topicName: 't', ...(version >= 7 ? { topicId: TOPIC_ID } : {}), partitionStates: [state] },
                ],
              }
            : { ungroupedPartitionStates: [state] }),
          liveBrokers: [version === 0 ? { id: 1, v0Host: 'h1', v0Port: 9092 } : { id: 1, endpoints: [endpoint] }],
        });
        expect(errorCode).toBe(0);
      },
    });
    await client.close();
  });
}
