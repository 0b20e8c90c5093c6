import type { TopicIdPartition } from '@biquorum/control-plane';
import { errorName, type Uuid } from '@biquorum/kafka-wire';
import {
  type AssignReplicasToDirsResponse,
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from '@biquorum/kafka-wire/messages/assign-replicas-to-dirs';
import { ChannelError, type ControllerChannel } from './controller-channel.ts';
import type { Pauses } from './pauses.ts';

const RETRY_MS = 200;

/** Which broker reports, under which registration. */
export interface Reporter {
  readonly brokerId: number;
  readonly brokerEpoch: () => number;
}

/**
 * Tells the controller which directory holds which replicas. Resolves when it knows, or the plane closes; a partition
 * that it does not take is left out. Source: Java `AssignmentsManager` (KIP-858).
 */
export async function reportPlaced(
  channel: ControllerChannel,
  pauses: Pauses,
  reporter: Reporter,
  placed: ReadonlyMap<string, readonly TopicIdPartition[]>,
): Promise<void> {
  const directories = [...placed].map(([id, replicas]) => ({
    id: id as Uuid,
    topics: [...Map.groupBy(replicas, ({ topicId }) => topicId)].map(([topicId, own]) => ({
      topicId,
      partitions: own.map(({ partition }) => ({ partitionIndex: partition })),
    })),
  }));
  const call = {
    request: assignReplicasToDirsRequest,
    response: assignReplicasToDirsResponse,
    body: () => ({ brokerId: reporter.brokerId, brokerEpoch: reporter.brokerEpoch(), directories }),
    isTransient: ({ errorCode }: AssignReplicasToDirsResponse) => errorName(errorCode) === 'NOT_CONTROLLER',
  };
  for (;;) {
    try {
      const { errorCode } = await channel.ask(call, Number.POSITIVE_INFINITY);
      // Below 3.7-IV2 directories are none of the controller's business.
      if (errorCode === 0 || errorName(errorCode) === 'UNSUPPORTED_VERSION') return;
    } catch (error) {
      if (error instanceof ChannelError) return;
      throw error;
    }
    await pauses.wait(RETRY_MS);
  }
}
