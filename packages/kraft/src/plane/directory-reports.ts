import type { TopicIdPartition } from '@biquorum/control-plane';
import { ChannelError, type ControllerChannel, type Pauses } from '@biquorum/control-plane/channel';
import { errorName, type Uuid } from '@biquorum/kafka-wire';
import {
  type AssignReplicasToDirsResponse,
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from '@biquorum/kafka-wire/messages/assign-replicas-to-dirs';

const RETRY_MS = 200;
/** Partitions in one request. Source: Java `AssignReplicasToDirsRequest.MAX_ASSIGNMENTS_PER_REQUEST`. */
const PARTITIONS_MAX = 2_250;

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
  channel: Pick<ControllerChannel, 'ask'>,
  pauses: Pauses,
  reporter: Reporter,
  placed: ReadonlyMap<string, readonly TopicIdPartition[]>,
): Promise<void> {
  const all = [...placed].flatMap(([id, replicas]) => replicas.map((replica) => ({ id, replica })));
  for (let first = 0; first < all.length; first += PARTITIONS_MAX) {
    const isKnown = await reportPart(channel, pauses, reporter, all.slice(first, first + PARTITIONS_MAX));
    if (!isKnown) return;
  }
}

/** @returns whether there is anybody who wants to hear more */
async function reportPart(
  channel: Pick<ControllerChannel, 'ask'>,
  pauses: Pauses,
  reporter: Reporter,
  part: readonly { readonly id: string; readonly replica: TopicIdPartition }[],
): Promise<boolean> {
  const directories = [...Map.groupBy(part, ({ id }) => id)].map(([id, replicas]) => ({
    id: id as Uuid,
    topics: [...Map.groupBy(replicas, ({ replica }) => replica.topicId)].map(([topicId, own]) => ({
      topicId,
      partitions: own.map(({ replica }) => ({ partitionIndex: replica.partition })),
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
      if (errorCode === 0) return true;
      // Below 3.7-IV2 directories are none of the controller's business.
      if (errorName(errorCode) === 'UNSUPPORTED_VERSION') return false;
    } catch (error) {
      if (error instanceof ChannelError) return false;
      throw error;
    }
    await pauses.wait(RETRY_MS);
  }
}
