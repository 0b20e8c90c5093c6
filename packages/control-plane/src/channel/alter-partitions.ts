import type { Init } from '@biquorum/kafka-wire';
import { errorName, type Uuid } from '@biquorum/kafka-wire';
import {
  type AlterPartitionRequest,
  type AlterPartitionResponse,
  alterPartitionRequest,
  alterPartitionResponse,
} from '@biquorum/kafka-wire/messages/alter-partition';
import type { LeaderEpoch, NodeId, PartitionEpoch } from '@biquorum/metadata';
import type { IsrChange, IsrOutcome } from '../commands.ts';
import type { ControllerChannel } from './controller-channel.ts';
import type { Pauses } from './pauses.ts';

/** What the proposals of a broker need of its plane. */
export interface AlterPartitionsParts {
  readonly self: NodeId;
  readonly channel: Pick<ControllerChannel, 'ask'>;
  readonly pauses: Pauses;
  readonly brokerEpoch: () => number;
}

const RETRY_MS = 50;
/**
 * Partitions in one request, at most. A broker that comes back makes leaders propose for all that it follows at once,
 * and the controller decides on a request in one turn.
 */
const CHANGES_MAX = 2_000;
/** Since this version members of an ISR come with their broker epochs (KIP-903). */
const VERSION_WITH_EPOCHS = 3;
const RECOVERING = 1;
const RECOVERED = 0;

/**
 * A leader's proposals: what has come in while one request is under way goes into the next, each partition at most once.
 * Errors of the whole request are retried until the plane closes.
 *
 * Source: Java `AlterPartitionManager` (KIP-497).
 */
export class AlterPartitions {
  readonly #parts: AlterPartitionsParts;
  #waiting: Proposal[] = [];
  #running = false;
  #closed = false;

  constructor(parts: AlterPartitionsParts) {
    this.#parts = parts;
  }

  /** One outcome per change, in the order asked. */
  propose(changes: readonly IsrChange[]): Promise<readonly IsrOutcome[]> {
    const outcomes = changes.map(
      (change) =>
        new Promise<IsrOutcome>((resolve) => {
          if (this.#closed) resolve(STOPPING);
          else this.#waiting.push({ change, resolve });
        }),
    );
    void this.#run();
    return Promise.all(outcomes);
  }

  /** Answers what is open with an error. */
  close(): void {
    this.#closed = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve(STOPPING);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      const response = await this.#ask([...batch.values()].map(({ change }) => change));
      if (response === undefined) for (const { resolve } of batch.values()) resolve(STOPPING);
      else settle(batch, response);
    }
    this.#running = false;
  }

  /** The oldest proposal of each partition, as many as one request may have. */
  #nextBatch(): Map<string, Proposal> {
    const batch = new Map<string, Proposal>();
    this.#waiting = this.#waiting.filter((proposal) => {
      const { topicId, partition } = proposal.change.partition;
      const key = `${topicId}/${partition}`;
      if (batch.size >= CHANGES_MAX || batch.has(key)) return true;
      batch.set(key, proposal);
      return false;
    });
    return batch;
  }

  /** Undefined when the plane closes meanwhile. */
  async #ask(changes: readonly IsrChange[]): Promise<AlterPartitionResponse | undefined> {
    const { channel, pauses, self, brokerEpoch } = this.#parts;
    while (!this.#closed) {
      try {
        const call = {
          request: alterPartitionRequest,
          response: alterPartitionResponse,
          body: (version: number) => requestOf(self, brokerEpoch(), changes, version),
          isTransient: ({ errorCode }: AlterPartitionResponse) => errorName(errorCode) === 'NOT_CONTROLLER',
        };
        const response = await channel.ask(call, Number.POSITIVE_INFINITY);
        if (response.errorCode === 0) return response;
      } catch {
        // Closed, or a controller that serves none of our versions: the next one may.
      }
      await pauses.wait(RETRY_MS);
    }
    return undefined;
  }
}

interface Proposal {
  readonly change: IsrChange;
  readonly resolve: (outcome: IsrOutcome) => void;
}

const STOPPING: IsrOutcome = { ok: false, error: 'NOT_CONTROLLER' };

function requestOf(
  brokerId: number,
  brokerEpoch: number,
  changes: readonly IsrChange[],
  version: number,
): Init<AlterPartitionRequest> {
  const byTopic = Map.groupBy(changes, ({ partition }) => partition.topicId);
  return {
    brokerId,
    brokerEpoch,
    topics: [...byTopic].map(([topicId, own]) => ({
      topicName: own[0]?.partition.topic ?? '',
      topicId: topicId as Uuid,
      partitions: own.map(({ partition, leaderEpoch, partitionEpoch, isr, recovering }) => ({
        partitionIndex: partition.partition,
        leaderEpoch,
        partitionEpoch,
        leaderRecoveryState: recovering ? RECOVERING : RECOVERED,
        ...(version >= VERSION_WITH_EPOCHS
          ? { newIsrWithEpochs: isr.map(({ node, brokerEpoch: epoch }) => ({ brokerId: node, brokerEpoch: epoch })) }
          : { newIsr: isr.map(({ node }) => node) }),
      })),
    })),
  };
}

function settle(batch: ReadonlyMap<string, Proposal>, { topics }: AlterPartitionResponse): void {
  const open = new Map(batch);
  // Old versions answer by topic name.
  const ids = new Map([...batch.values()].map(({ change }) => [change.partition.topic, change.partition.topicId]));
  for (const { topicId, topicName, partitions } of topics) {
    for (const partition of partitions) {
      const key = `${topicName === '' ? topicId : ids.get(topicName)}/${partition.partitionIndex}`;
      const proposal = open.get(key);
      if (proposal === undefined) continue;
      open.delete(key);
      const { errorCode, leaderId, leaderEpoch, partitionEpoch, isr, leaderRecoveryState } = partition;
      proposal.resolve(
        errorCode === 0
          ? {
              ok: true,
              leader: leaderId as NodeId,
              leaderEpoch: leaderEpoch as LeaderEpoch,
              partitionEpoch: partitionEpoch as PartitionEpoch,
              isr: isr as readonly NodeId[],
              recovering: leaderRecoveryState === RECOVERING,
            }
          : { ok: false, error: errorName(errorCode) },
      );
    }
  }
  for (const { resolve } of open.values()) resolve({ ok: false, error: 'UNKNOWN_SERVER_ERROR' });
}
