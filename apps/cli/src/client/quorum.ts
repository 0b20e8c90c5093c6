import { type Uuid, ZERO_UUID } from '@biquorum/kafka-wire';
import { addRaftVoterRequest, addRaftVoterResponse } from '@biquorum/kafka-wire/messages/add-raft-voter';
import { describeQuorumRequest, describeQuorumResponse } from '@biquorum/kafka-wire/messages/describe-quorum';
import { removeRaftVoterRequest, removeRaftVoterResponse } from '@biquorum/kafka-wire/messages/remove-raft-voter';
import { CommandFault } from '../command.ts';
import type { KafkaClient } from './kafka-client.ts';
import { check } from './kafka-error.ts';

const DESCRIBE = { request: describeQuorumRequest, response: describeQuorumResponse };
const ADD = { request: addRaftVoterRequest, response: addRaftVoterResponse };
const REMOVE = { request: removeRaftVoterRequest, response: removeRaftVoterResponse };

const TIMEOUT_MS = 30_000;

/** A listener of a controller, as others are told. */
export interface VoterEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** A node that follows the metadata log. */
export interface QuorumReplica {
  readonly id: number;
  /** Undefined in clusters whose quorum is static, and before 3.9. */
  readonly directoryId: Uuid | undefined;
  readonly logEndOffset: number;
  /** Milliseconds since 1970; −1 when unknown. */
  readonly lastFetchMs: number;
  /** Milliseconds since 1970; −1 when unknown. */
  readonly lastCaughtUpMs: number;
  readonly endpoints: readonly VoterEndpoint[];
}

/** How a quorum stands, as its leader tells it. */
export interface QuorumState {
  readonly clusterId: string;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: number;
  readonly voters: readonly QuorumReplica[];
  readonly observers: readonly QuorumReplica[];
}

/** Asks the leader of the quorum how it stands. @throws CommandFault where no quorum governs */
export async function describeQuorum(client: KafkaClient): Promise<QuorumState> {
  const { clusterId } = await client.nodes();
  if (!(await client.offers(DESCRIBE))) {
    throw new CommandFault(
      'this cluster has no quorum: ZooKeeper governs it. "biquorum zk -server HOST:PORT get /controller" shows its controller.',
    );
  }
  return client.retrying(async () => {
    const answer = await client.controller(DESCRIBE, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    });
    check('the quorum', answer.errorCode, answer.errorMessage);
    const partition = answer.topics[0]?.partitions[0];
    if (partition === undefined) throw new CommandFault('the answer about the quorum holds no partition.');
    check('the quorum', partition.errorCode, partition.errorMessage);
    const endpoints = new Map(answer.nodes.map(({ nodeId, listeners }) => [nodeId, listeners]));
    const replica = (state: (typeof partition.currentVoters)[number]): QuorumReplica => ({
      id: state.replicaId,
      directoryId: state.replicaDirectoryId === ZERO_UUID ? undefined : state.replicaDirectoryId,
      logEndOffset: state.logEndOffset,
      lastFetchMs: state.lastFetchTimestamp,
      lastCaughtUpMs: state.lastCaughtUpTimestamp,
      endpoints: endpoints.get(state.replicaId) ?? [],
    });
    return {
      clusterId,
      leaderId: partition.leaderId,
      leaderEpoch: partition.leaderEpoch,
      highWatermark: partition.highWatermark,
      voters: partition.currentVoters.map(replica),
      observers: partition.observers.map(replica),
    };
  });
}

/** A controller that is, or shall be, a voter. */
export interface Voter {
  readonly id: number;
  readonly directoryId: Uuid;
}

/** Lets a controller vote. @throws KafkaError `DUPLICATE_VOTER` among others */
export async function addVoter(
  client: KafkaClient,
  { id, directoryId }: Voter,
  endpoints: readonly VoterEndpoint[],
): Promise<void> {
  const { clusterId } = await client.nodes();
  const body = { clusterId, timeoutMs: TIMEOUT_MS, voterId: id, voterDirectoryId: directoryId, listeners: endpoints };
  await client.retrying(async () => {
    const { errorCode, errorMessage } = await client.controller(ADD, body);
    check(`controller ${id}`, errorCode, errorMessage);
  }, false);
}

/** Takes a controller's vote away. @throws KafkaError `VOTER_NOT_FOUND` among others */
export async function removeVoter(client: KafkaClient, { id, directoryId }: Voter): Promise<void> {
  const { clusterId } = await client.nodes();
  const body = { clusterId, voterId: id, voterDirectoryId: directoryId };
  await client.retrying(async () => {
    const { errorCode, errorMessage } = await client.controller(REMOVE, body);
    check(`controller ${id}`, errorCode, errorMessage);
  }, false);
}
