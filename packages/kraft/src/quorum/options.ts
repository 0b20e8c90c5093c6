import type { Ports } from '@biquorum/platform';
import type { MetadataFollower } from '../journal.ts';

/** Where a node can be reached, by the name of one of its listeners. */
export interface QuorumEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** A voter of a static quorum: one item of `controller.quorum.voters`. */
export interface StaticVoter {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** Everything that Kafka lets an operator set about the metadata quorum, by its own keys. Times are in milliseconds. */
export interface QuorumSettings {
  /** `controller.quorum.election.timeout.ms` */
  readonly electionTimeoutMs: number;
  /** `controller.quorum.fetch.timeout.ms` */
  readonly fetchTimeoutMs: number;
  /** `controller.quorum.election.backoff.max.ms` */
  readonly electionBackoffMaxMs: number;
  /** `controller.quorum.request.timeout.ms` */
  readonly requestTimeoutMs: number;
  /** `controller.quorum.retry.backoff.ms` */
  readonly retryBackoffMs: number;
  /** `metadata.log.segment.bytes` */
  readonly segmentBytes: number;
  /** `metadata.log.segment.ms` */
  readonly segmentMs: number;
  /** `metadata.max.retention.bytes`; −1 for no bound. */
  readonly retentionBytes: number;
  /** `metadata.max.retention.ms`; −1 for no bound. */
  readonly retentionMs: number;
  /** `metadata.log.max.record.bytes.between.snapshots` */
  readonly snapshotRecordBytes: number;
  /** `metadata.log.max.snapshot.interval.ms`; 0 for never. */
  readonly snapshotIntervalMs: number;
}

/** Kafka's defaults. */
export const DEFAULT_QUORUM_SETTINGS: QuorumSettings = {
  electionTimeoutMs: 1000,
  fetchTimeoutMs: 2000,
  electionBackoffMaxMs: 1000,
  requestTimeoutMs: 2000,
  retryBackoffMs: 20,
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * 24 * 60 * 60 * 1000,
  retentionBytes: 100 * 1024 * 1024,
  retentionMs: 7 * 24 * 60 * 60 * 1000,
  snapshotRecordBytes: 20 * 1024 * 1024,
  snapshotIntervalMs: 60 * 60 * 1000,
};

/** How a node takes part in the metadata quorum. */
export interface MetadataQuorumOptions {
  readonly ports: Pick<Ports, 'clock' | 'disk' | 'network' | 'random' | 'telemetry' | 'timers'>;
  /** Id of the cluster; peers of another one are refused. */
  readonly clusterId: string;
  readonly nodeId: number;
  /** `directory.id` of the metadata log directory: 22 characters of base64url. */
  readonly directoryId: string;
  /** `metadata.log.dir`: absolute path; the log lies in `__cluster_metadata-0` below it. Locked by its owner. */
  readonly directory: string;
  /** `controller.quorum.voters`; empty where voters are found in the log (kraft.version 1). */
  readonly voters: readonly StaticVoter[];
  /** `controller.quorum.bootstrap.servers`, as `host:port`; where to ask who leads as long as nothing is known. */
  readonly bootstrapServers?: readonly string[];
  /** This node's controller listeners, the first of `controller.listener.names` first; empty on a broker. */
  readonly listeners: readonly QuorumEndpoint[];
  /** First of `controller.listener.names`: by this listener voters are reached. */
  readonly listenerName: string;
  readonly settings?: Partial<QuorumSettings>;
  /**
   * Takes a peer that was connected, and now refuses connections, for one whose process has ended: followers of such a
   * leader stand for election before the fetch timeout. Apache waits. False by default.
   */
  readonly detectResets?: boolean;
  /** Follows the log. Called for the first time after `MetadataQuorum.open` has resolved. */
  readonly follower: MetadataFollower;
  /** The disk failed or an invariant is broken: the quorum has stopped, and so must the node. */
  readonly onFailure: (error: unknown) => void;
}

/** One request of a peer or a tool, without its header. */
export interface QuorumRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly body: Uint8Array;
}

/** A replica as the leader knows it. */
export interface QuorumReplica {
  readonly id: number;
  /** Directory id; empty when unknown. */
  readonly directoryId: string;
  readonly voter: boolean;
  /** End of what it has acknowledged; −1 when it has not been heard from. */
  readonly logEndOffset: number;
  /** Records that it lacks. */
  readonly lag: number;
}

/** The quorum as this node sees it. */
export interface QuorumStatus {
  /** `unattached`, `candidate`, `leader`, `follower` or `resigned`. */
  readonly role: string;
  readonly epoch: number;
  /** −1 when no leader is known. */
  readonly leaderId: number;
  /** Where the leader's listener is; undefined when it is not known. */
  readonly leaderEndpoint: { readonly host: string; readonly port: number } | undefined;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /** Offset up to which the follower was given the log. */
  readonly appliedOffset: number;
  readonly voters: readonly number[];
  /** Known on the leader alone. */
  readonly replicas: readonly QuorumReplica[];
  /** 0: static voters; 1: voters that can be changed. */
  readonly kraftVersion: number;
}
