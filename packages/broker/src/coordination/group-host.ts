import {
  decodeRecord,
  encodeRecord,
  GroupCoordinator,
  type GroupRecord,
  partitionOfGroup,
} from '@biquorum/coordinators';
import {
  BatchBuilder,
  type CompressionCodecs,
  describeRecordsFault,
  forEachRecord,
  ProtocolError,
} from '@biquorum/kafka-wire';
import type { ClusterDelta, ClusterView } from '@biquorum/metadata';
import type { Ports, Timer } from '@biquorum/platform';
import { BytesError } from '@biquorum/std';
import type { Partition } from '../replicas/partition.ts';
import { type ProduceError, produce } from '../replicas/produce.ts';
import type { RoleListener } from '../replicas/replica-manager.ts';
import type { GroupSettings } from '../settings.ts';
import { OFFSETS_TOPIC } from './topic-creation.ts';
import { randomUuid } from './uuid.ts';

/** The most bytes that the stored records of one batch may have once decompressed. */
const BATCH_BYTES_MAX = 128 << 20;

/**
 * Hosts the group coordinators: one for each partition of `__consumer_offsets` that this broker leads.
 *
 * A coordinator begins with what the partition's log says, under one leader epoch, and ends with the leadership. What it
 * writes is replicated like any produced record with acks=all.
 */
export class GroupHost implements RoleListener {
  readonly #ports: Ports;
  readonly #settings: GroupSettings;
  readonly #codecs: CompressionCodecs;
  readonly #view: () => ClusterView;
  readonly #hosted: Map<number, Hosted> = new Map();
  #expiry: Timer | undefined;
  #complaint: string | undefined;

  constructor(ports: Ports, settings: GroupSettings, codecs: CompressionCodecs, view: () => ClusterView) {
    this.#ports = ports;
    this.#settings = settings;
    this.#codecs = codecs;
    this.#view = view;
  }

  /** Begins to look for expired offsets. */
  start(): void {
    const everyMs = this.#settings.offsetsRetentionCheckIntervalMs;
    const look = (): void => {
      for (const { coordinator } of this.#hosted.values()) coordinator.expire();
      this.#expiry = this.#ports.timers.set(everyMs, look);
    };
    this.#expiry = this.#ports.timers.set(everyMs, look);
  }

  close(): void {
    this.#expiry?.cancel();
    for (const { coordinator } of this.#hosted.values()) coordinator.resign();
    this.#hosted.clear();
  }

  /** The partition of `__consumer_offsets` that a group falls on. */
  partitionOf(groupId: string): number {
    const count = this.#view().topics.get(OFFSETS_TOPIC)?.partitionCount ?? this.#settings.topicPartitions;
    return partitionOfGroup(groupId, count);
  }

  /** The coordinator of a group, if it is here. */
  of(groupId: string): GroupCoordinator | undefined {
    return this.#hosted.get(this.partitionOf(groupId))?.coordinator;
  }

  /** All coordinators that are here. */
  *all(): IterableIterator<GroupCoordinator> {
    for (const { coordinator } of this.#hosted.values()) yield coordinator;
  }

  /** Says once, and again when the reason changes, why consumers of this cluster find no coordinator. */
  cannotCreateTopic(error: string, message: string | null): void {
    if (this.#complaint === error) return;
    this.#complaint = error;
    const remedy =
      error === 'INVALID_REPLICATION_FACTOR'
        ? `set offsets.topic.replication.factor (now ${this.#settings.topicReplicationFactor}) to at most the number of brokers, or start more`
        : 'see the message';
    this.#ports.telemetry.log('error', 'cannot create __consumer_offsets: consumer groups have no coordinator', {
      error,
      message,
      remedy,
    });
  }

  /** Topics are gone: their offsets are dropped. */
  changed(delta: ClusterDelta): void {
    for (const { name, change } of delta.topics) {
      if (change === 'deleted') for (const { coordinator } of this.#hosted.values()) coordinator.topicDeleted(name);
    }
  }

  leads(partition: Partition): void {
    if (partition.topic !== OFFSETS_TOPIC) return;
    const coordinator = new GroupCoordinator(
      {
        clock: this.#ports.clock,
        timers: this.#ports.timers,
        uuid: () => randomUuid(this.#ports.random),
        append: (records, done) => this.#append(partition, records, done),
      },
      this.#settings,
    );
    const hosted: Hosted = { coordinator, partition };
    this.#hosted.set(partition.index, hosted);
    void this.#load(hosted);
  }

  follows(): void {
    // The leadership, if there was one, was released before.
  }

  releases(partition: Partition): void {
    const hosted = this.#hosted.get(partition.index);
    if (hosted?.partition !== partition) return;
    this.#hosted.delete(partition.index);
    hosted.coordinator.resign();
  }

  async #load({ coordinator, partition }: Hosted): Promise<void> {
    const { telemetry, clock } = this.#ports;
    const startMs = clock.monotonicMs();
    let count = 0;
    try {
      for await (const batch of partition.log.batches()) {
        if (this.#hosted.get(partition.index)?.coordinator !== coordinator) return;
        if (batch.isControl) continue;
        const fault = forEachRecord(batch, { codecs: this.#codecs, maxBytes: BATCH_BYTES_MAX }, (record) => {
          const { bytes, keyPosition, keyLength, valuePosition, valueLength } = record;
          if (keyLength < 0) return;
          const key = bytes.slice(keyPosition, keyPosition + keyLength);
          const value = valueLength < 0 ? null : bytes.slice(valuePosition, valuePosition + valueLength);
          if (this.#replay(coordinator, partition, record.offset, key, value)) count += 1;
        });
        if (fault !== undefined) throw new Error(describeRecordsFault(fault));
      }
      coordinator.loaded();
      const elapsedMs = clock.monotonicMs() - startMs;
      telemetry.log('info', 'group coordinator loaded', { partition: partition.index, records: count, elapsedMs });
    } catch (error) {
      // Answering from a part of the offsets would make groups read again what they have read.
      telemetry.log('error', 'group coordinator cannot load its partition', {
        partition: partition.index,
        error: error as Error,
      });
    }
  }

  #replay(
    coordinator: GroupCoordinator,
    partition: Partition,
    offset: number,
    key: Uint8Array,
    value: Uint8Array | null,
  ): boolean {
    try {
      const record = decodeRecord({ key, value });
      if (record !== null) coordinator.replay(record);
      return record !== null;
    } catch (error) {
      if (!(error instanceof ProtocolError || error instanceof BytesError)) throw error;
      this.#ports.telemetry.log('warn', 'stored group record cannot be read', {
        partition: partition.index,
        offset,
        error,
      });
      return false;
    }
  }

  #append(partition: Partition, records: readonly GroupRecord[], done: (error: string) => void): void {
    const now = this.#ports.clock.wallMs();
    const builder = new BatchBuilder();
    for (const record of records) {
      const { key, value } = encodeRecord(record);
      builder.append(now, key, value);
    }
    const entry = { partition, batch: builder.build() };
    const storesGroup = records.some((record) => record.kind === 'group' && record.value !== null);
    const { timers } = this.#ports;
    produce([entry], -1, this.#settings.offsetsCommitTimeoutMs, 'coordinator', timers, ([result]) => {
      done(errorForClient(result?.error ?? 'NOT_LEADER_OR_FOLLOWER', storesGroup));
    });
  }
}

interface Hosted {
  readonly coordinator: GroupCoordinator;
  readonly partition: Partition;
}

/** What a member is told when its group's records could not be written. Source: Java `GroupMetadataManager`. */
function errorForClient(error: ProduceError, storesGroup: boolean): string {
  switch (error) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
      return 'COORDINATOR_NOT_AVAILABLE';
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'KAFKA_STORAGE_ERROR':
      return 'NOT_COORDINATOR';
    case 'REQUEST_TIMED_OUT':
      return storesGroup ? 'REBALANCE_IN_PROGRESS' : error;
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      return storesGroup ? 'UNKNOWN_SERVER_ERROR' : 'INVALID_COMMIT_OFFSET_SIZE';
    default:
      return error;
  }
}
