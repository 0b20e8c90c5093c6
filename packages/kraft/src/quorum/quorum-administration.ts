import type { Command, NodeId, Outcome, Refusal, View } from '@biquorum/consensus';
import { PeerChannel } from '@biquorum/kafka-network';
import {
  decodeResponseHeader,
  type ErrorName,
  encodeRequestHeader,
  errorByName,
  errorCode,
  ZERO_UUID,
} from '@biquorum/kafka-wire';
import { addRaftVoterRequest, addRaftVoterResponse } from '@biquorum/kafka-wire/messages/add-raft-voter';
import { apiVersionsRequest, apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import { describeQuorumRequest, describeQuorumResponse } from '@biquorum/kafka-wire/messages/describe-quorum';
import { removeRaftVoterRequest, removeRaftVoterResponse } from '@biquorum/kafka-wire/messages/remove-raft-voter';
import type { Ports, Timer } from '@biquorum/platform';
import type { Voter, VoterSet } from '@biquorum/raft';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { METADATA_PARTITION, METADATA_TOPIC } from './names.ts';
import type { QuorumEndpoint, QuorumRequest } from './options.ts';
import { isOtherCluster, listenersOf, onlyPartition, type QuorumIdentity, toUuid } from './rpc/quorum-rpc.ts';
import { formatVoterAddress, KRAFT_VERSIONS } from './voter-address.ts';

/** First version of DescribeQuorum that tells directories and nodes. */
const VERSION_WITH_DIRECTORIES = 2;

/** What the administration of a quorum works with. */
export interface QuorumAdministrationOptions {
  readonly ports: Pick<Ports, 'clock' | 'network' | 'timers'>;
  readonly identity: QuorumIdentity;
  /** Where this node can be reached. */
  readonly address: string;
  readonly requestTimeoutMs: number;
  readonly view: () => View;
  readonly kraftVersion: () => number;
  /** Where the epoch begins that this node leads; undefined where it leads none. */
  readonly epochStart: () => number | undefined;
  /** The voters in the log; null where there are none. */
  readonly voters: () => VoterSet | null;
  /** Addresses of static voters. */
  readonly addresses: ReadonlyMap<NodeId, string>;
  readonly command: (command: Command) => Promise<Outcome>;
}

/** An answer in an error's name and words. */
interface Answer {
  readonly error: ErrorName;
  readonly message: string | null;
}

/** What tools ask of the quorum: how it is, and to have voters added and removed (KIP-595, KIP-853). */
export class QuorumAdministration {
  readonly #options: QuorumAdministrationOptions;
  /** A newcomer is being looked at, and no other change is to begin meanwhile. */
  #adding = false;

  constructor(options: QuorumAdministrationOptions) {
    this.#options = options;
  }

  async handle({ apiKey, apiVersion, body }: QuorumRequest): Promise<Uint8Array> {
    switch (apiKey) {
      case 55:
        return this.#describe(body, apiVersion);
      case 80: {
        const { error, message } = await this.#add(body, apiVersion);
        return addRaftVoterResponse.toBytes({ errorCode: errorCode(error), errorMessage: message }, apiVersion);
      }
      case 81: {
        const { error, message } = await this.#remove(body, apiVersion);
        return removeRaftVoterResponse.toBytes({ errorCode: errorCode(error), errorMessage: message }, apiVersion);
      }
      default:
        throw new RangeError(`the quorum does not serve API ${apiKey}`);
    }
  }

  #describe(body: Uint8Array, version: number): Uint8Array {
    const { topics } = describeQuorumRequest.fromBytes(body, version);
    if (onlyPartition(topics) === undefined) {
      const { code, message } = errorByName('UNKNOWN_TOPIC_OR_PARTITION');
      const refused = topics.map(({ topicName, partitions }) => ({
        topicName,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: code,
          errorMessage: message,
        })),
      }));
      return describeQuorumResponse.toBytes({ topics: refused }, version);
    }
    const start = this.#options.epochStart();
    if (start === undefined) {
      const { code, message } = errorByName('NOT_LEADER_OR_FOLLOWER');
      const partition = { partitionIndex: METADATA_PARTITION, errorCode: code, errorMessage: message };
      return describeQuorumResponse.toBytes(
        { topics: [{ topicName: METADATA_TOPIC, partitions: [partition] }] },
        version,
      );
    }
    const view = this.#options.view();
    const replicas = this.#replicas(view).map((replica) =>
      // Earlier versions have no field for it.
      version < VERSION_WITH_DIRECTORIES ? { ...replica, replicaDirectoryId: ZERO_UUID } : replica,
    );
    const isVoter = ({ replicaId }: { readonly replicaId: number }): boolean => view.voters.includes(replicaId);
    const partition = {
      partitionIndex: METADATA_PARTITION,
      leaderId: view.id,
      leaderEpoch: view.epoch,
      highWatermark: view.highWatermark > start ? view.highWatermark : -1,
      currentVoters: replicas.filter((replica) => replica.voter && isVoter(replica)),
      observers: replicas.filter((replica) => !replica.voter),
    };
    const nodes =
      version < VERSION_WITH_DIRECTORIES
        ? []
        : view.voters.map((id) => ({ nodeId: id, listeners: this.#listenersOf(id) }));
    return describeQuorumResponse.toBytes(
      { topics: [{ topicName: METADATA_TOPIC, partitions: [partition] }], nodes },
      version,
    );
  }

  #replicas(view: View): {
    replicaId: number;
    replicaDirectoryId: ReturnType<typeof toUuid>;
    logEndOffset: number;
    lastFetchTimestamp: number;
    lastCaughtUpTimestamp: number;
    voter: boolean;
  }[] {
    const { clock } = this.#options.ports;
    const nowMs = clock.wallMs();
    const offset = nowMs - clock.monotonicMs();
    const wall = (monotonicMs: number): number => (monotonicMs < 0 ? -1 : Math.round(monotonicMs + offset));
    const isStatic = this.#options.kraftVersion() === 0;
    const peers = view.peers.map((peer) => ({
      replicaId: peer.id,
      // Static voters are known by their id alone.
      replicaDirectoryId: peer.voter && isStatic ? ZERO_UUID : toUuid(peer.directory),
      logEndOffset: peer.lastContactMs < 0 ? -1 : peer.matched,
      lastFetchTimestamp: wall(peer.lastContactMs),
      lastCaughtUpTimestamp: wall(peer.lastCaughtUpMs),
      voter: peer.voter,
    }));
    const own = this.#voter(view.id);
    const self = {
      replicaId: view.id,
      replicaDirectoryId: isStatic ? ZERO_UUID : toUuid(own?.directory ?? ''),
      logEndOffset: view.logEnd,
      lastFetchTimestamp: nowMs,
      lastCaughtUpTimestamp: nowMs,
      voter: view.voters.includes(view.id),
    };
    return [self, ...peers].sort((a, b) => a.replicaId - b.replicaId);
  }

  #voter(id: NodeId): Voter | undefined {
    return this.#options.voters()?.voters.find((voter) => voter.id === id);
  }

  #listenersOf(id: NodeId): readonly QuorumEndpoint[] {
    const address = this.#voter(id)?.address ?? this.#options.addresses.get(id) ?? '';
    return listenersOf(address, this.#options.identity);
  }

  async #add(body: Uint8Array, version: number): Promise<Answer> {
    const { identity, epochStart, view, kraftVersion } = this.#options;
    const { clusterId, timeoutMs, voterId, voterDirectoryId, listeners } = addRaftVoterRequest.fromBytes(body, version);
    if (isOtherCluster(clusterId, identity)) return plain('INCONSISTENT_CLUSTER_ID');
    const start = epochStart();
    if (start === undefined) return plain('NOT_LEADER_OR_FOLLOWER');
    const key = `${voterId} with directory ${voterDirectoryId}`;
    if (voterId < 0 || voterDirectoryId === ZERO_UUID) {
      return { error: 'INVALID_REQUEST', message: "Add voter request didn't include a valid voter" };
    }
    const { listenerName } = identity;
    const endpoint = listeners.find(({ name }) => name === listenerName);
    if (endpoint === undefined) {
      const message = `Add voter request didn't include the endpoint for the default listener ${listenerName}`;
      return { error: 'INVALID_REQUEST', message };
    }
    if (view().highWatermark <= start) {
      return { error: 'REQUEST_TIMED_OUT', message: 'The leader has not established its high watermark yet' };
    }
    if (this.#adding) {
      return { error: 'REQUEST_TIMED_OUT', message: 'Another change of the voters is being made' };
    }
    const level = kraftVersion();
    if (level < 1) {
      const message = `Cluster doesn't support adding voter because the kraft.version feature is ${level}`;
      return { error: 'UNSUPPORTED_VERSION', message };
    }
    if (view().voters.includes(voterId)) {
      return { error: 'DUPLICATE_VOTER', message: `The voter id for ${key} is already part of the set of voters` };
    }
    this.#adding = true;
    try {
      const range = await this.#kraftVersionsOf(endpoint);
      if (range === null) {
        return { error: 'REQUEST_TIMED_OUT', message: `New voter ${key} is not ready to receive requests` };
      }
      if (range.min > level || range.max < level) {
        const message = `Aborted add voter operation for ${key} since kraft.version range ${range.min}-${range.max} doesn't support the finalized version ${level}`;
        return { error: 'INVALID_REQUEST', message };
      }
      const address = formatVoterAddress({ endpoints: listeners, kraftVersions: range });
      const peer = { id: voterId, address };
      return await this.#change({ kind: 'addVoter', peer, directory: voterDirectoryId }, timeoutMs, key);
    } finally {
      this.#adding = false;
    }
  }

  async #remove(body: Uint8Array, version: number): Promise<Answer> {
    const { identity, epochStart, kraftVersion, requestTimeoutMs } = this.#options;
    const { clusterId, voterId, voterDirectoryId } = removeRaftVoterRequest.fromBytes(body, version);
    if (isOtherCluster(clusterId, identity)) return plain('INCONSISTENT_CLUSTER_ID');
    if (epochStart() === undefined) return plain('NOT_LEADER_OR_FOLLOWER');
    const key = `${voterId} with directory ${voterDirectoryId}`;
    if (voterId < 0 || voterDirectoryId === ZERO_UUID) {
      return { error: 'INVALID_REQUEST', message: "Remove voter request didn't include a valid voter" };
    }
    const level = kraftVersion();
    if (level < 1) {
      const message = `Cluster doesn't support removing voter because the kraft.version feature is ${level}`;
      return { error: 'UNSUPPORTED_VERSION', message };
    }
    if (this.#adding) {
      return { error: 'REQUEST_TIMED_OUT', message: 'Another change of the voters is being made' };
    }
    return this.#change({ kind: 'removeVoter', id: voterId, directory: voterDirectoryId }, requestTimeoutMs, key);
  }

  /** Has the engine change the voters; resolves when that is committed. */
  async #change(command: Command, timeoutMs: number, key: string): Promise<Answer> {
    let timer: Timer | undefined;
    const late = new Promise<null>((resolve) => {
      timer = this.#options.ports.timers.set(Math.max(0, timeoutMs), () => resolve(null));
    });
    const outcome = await Promise.race([this.#options.command(command), late]);
    timer?.cancel();
    if (outcome === null) return plain('REQUEST_TIMED_OUT');
    switch (outcome.kind) {
      case 'refused':
        return refused(outcome.reason, key);
      case 'unknown':
        return plain('NOT_LEADER_OR_FOLLOWER');
      default:
        return { error: 'NONE', message: null };
    }
  }

  /** What versions of the quorum's protocol a node says that it supports; null when it does not answer. */
  async #kraftVersionsOf({ host, port }: QuorumEndpoint): Promise<{ min: number; max: number } | null> {
    const { ports, requestTimeoutMs } = this.#options;
    const patience = {
      connectTimeoutMs: requestTimeoutMs,
      requestTimeoutMs,
      responseBytesMax: API_VERSIONS_BYTES_MAX,
    };
    const channel = new PeerChannel(ports, { host, port }, patience);
    try {
      const software = { clientSoftwareName: 'biquorum', clientSoftwareVersion: '0.0.0' };
      const frame = await channel.request((correlationId) => {
        const writer = new ByteWriter({ initialBytes: 64 });
        encodeRequestHeader(writer, {
          requestApiKey: 18,
          requestApiVersion: API_VERSIONS_VERSION,
          correlationId,
          clientId: `raft-client-${this.#options.identity.nodeId}`,
        });
        return [writer.finish(), apiVersionsRequest.toBytes(software, API_VERSIONS_VERSION)];
      });
      const reader = new ByteReader(frame);
      decodeResponseHeader(reader, 18, API_VERSIONS_VERSION);
      const answer = apiVersionsResponse.fromBytes(frame.subarray(reader.offset), API_VERSIONS_VERSION);
      if (answer.errorCode !== 0) return null;
      const feature = answer.supportedFeatures.find(({ name }) => name === 'kraft.version');
      return { min: feature?.minVersion ?? KRAFT_VERSIONS.min, max: feature?.maxVersion ?? KRAFT_VERSIONS.min };
    } catch {
      // It is the newcomer's connection or its bytes: either way it is not ready.
      return null;
    } finally {
      channel.close();
    }
  }
}

/** From this version on features whose lowest level is 0 are told. */
const API_VERSIONS_VERSION = 4;
const API_VERSIONS_BYTES_MAX = 1024 * 1024;

function plain(error: ErrorName): Answer {
  return { error, message: errorByName(error).message };
}

function refused(reason: Refusal, key: string): Answer {
  switch (reason) {
    case 'alreadyVoter':
      return { error: 'DUPLICATE_VOTER', message: `The voter id for ${key} is already part of the set of voters` };
    case 'notVoter':
    case 'lastVoter':
      return { error: 'VOTER_NOT_FOUND', message: `Cannot remove voter ${key} from the set of voters` };
    case 'notCaughtUp':
      return {
        error: 'REQUEST_TIMED_OUT',
        message: `Aborted add voter operation for ${key} since it is lagging behind`,
      };
    case 'unsupported':
      return plain('UNSUPPORTED_VERSION');
    case 'notLeader':
      return plain('NOT_LEADER_OR_FOLLOWER');
    default:
      return { error: 'REQUEST_TIMED_OUT', message: 'Another change of the voters is being made' };
  }
}
