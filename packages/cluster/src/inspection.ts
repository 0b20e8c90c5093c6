import type { GroupDescription } from '@biquorum/coordinators';
import type { EpochStart, Log } from '@biquorum/log';
import type { ClusterView } from '@biquorum/metadata';
import type { RunningNode } from './running-node.ts';

/** What there is to know of a broker's log of a partition at one moment. */
export interface LogDescription {
  readonly directory: string;
  /** Undefined where the topic has none. */
  readonly topicId: string | undefined;
  readonly logStartOffset: number;
  /** Offset of the next record. */
  readonly endOffset: number;
  readonly highWatermark: number;
  /** Records below it are no part of an open transaction. */
  readonly lastStableOffset: number;
  /** Records below it are on the disk. */
  readonly recoveryPoint: number;
  readonly byteLength: number;
  /** Offset that each segment begins with, ascending. */
  readonly segmentBaseOffsets: readonly number[];
  /** Where each leader epoch begins, ascending. */
  readonly epochs: readonly EpochStart[];
}

/** How a controller stands in its quorum, or a server in its ensemble, as it sees that itself. */
export interface QuorumStanding {
  /**
   * Of a controller `leader`, `follower`, `candidate`, `unattached` or `resigned`; of a server of an ensemble `leading`,
   * `following`, `observing` or `looking`.
   */
  readonly role: string;
  /** Epoch of the quorum's leader, or the newest one that the server has adopted. */
  readonly epoch: number;
  /** The node's id in the cluster; −1 while it knows of none. */
  readonly leader: number;
  /** End of its log: an offset, or its last zxid. */
  readonly logEnd: number;
  /** What it knows to be committed: the high watermark, or the last zxid that is. */
  readonly committed: number;
}

/** Looks into a node, wherever it runs. All is undefined of a node that does not run, is paused, or is no broker. */
export interface Inspection {
  /** The cluster as the broker sees it. */
  view(): Promise<ClusterView | undefined>;
  /** The broker's log of a partition, if it has one. */
  log(topic: string, partition: number): Promise<LogDescription | undefined>;
  /** A group, if the broker coordinates it. */
  group(groupId: string): Promise<GroupDescription | undefined>;
  /** How it stands in the quorum that it votes in; undefined of brokers. */
  quorum(): Promise<QuorumStanding | undefined>;
}

/** Looks into a node of this process. */
export function inspect(node: Pick<RunningNode, 'broker' | 'quorum'>): Inspection {
  const { broker } = node;
  return {
    view: async () => broker?.view,
    log: async (topic, partition) => {
      const log = broker?.core?.logs.get({ topic, partition });
      return log === undefined ? undefined : describe(log);
    },
    quorum: async () => node.quorum,
    group: async (groupId) => broker?.core?.groups.of(groupId)?.describe(groupId),
  };
}

function describe(log: Log): LogDescription {
  return {
    directory: log.directory,
    topicId: log.topicId,
    logStartOffset: log.logStartOffset,
    endOffset: log.endOffset,
    highWatermark: log.highWatermark,
    lastStableOffset: log.lastStableOffset,
    recoveryPoint: log.recoveryPoint,
    byteLength: log.byteLength,
    segmentBaseOffsets: [...log.segmentBaseOffsets],
    epochs: [...log.epochs],
  };
}
