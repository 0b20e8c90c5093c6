import type { Broker } from '@biquorum/broker';
import type { GroupDescription } from '@biquorum/coordinators';
import type { EpochStart, Log } from '@biquorum/log';
import type { ClusterView } from '@biquorum/metadata';

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

/** Looks into a node, wherever it runs. All is undefined of a node that does not run, is paused, or is no broker. */
export interface Inspection {
  /** The cluster as the broker sees it. */
  view(): Promise<ClusterView | undefined>;
  /** The broker's log of a partition, if it has one. */
  log(topic: string, partition: number): Promise<LogDescription | undefined>;
  /** A group, if the broker coordinates it. */
  group(groupId: string): Promise<GroupDescription | undefined>;
}

/** Looks into a broker of this process. */
export function inspect(broker: Broker): Inspection {
  return {
    view: async () => broker.view,
    log: async (topic, partition) => {
      const log = broker.core?.logs.get({ topic, partition });
      return log === undefined ? undefined : describe(log);
    },
    group: async (groupId) => broker.core?.groups.of(groupId)?.describe(groupId),
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
