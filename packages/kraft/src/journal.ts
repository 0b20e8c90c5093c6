import type { Position } from '@biquorum/consensus';
import type { MetadataRecord, MetadataRecordInit } from '@biquorum/kafka-wire/metadata-records';

/** A metadata record to be written, with the version that the finalized features ask for. */
export interface VersionedRecord {
  readonly message: MetadataRecordInit;
  readonly version: number;
}

/** One batch of the metadata log. Its records take effect together. */
export interface MetadataBatch {
  /** Offset of the first record. */
  readonly baseOffset: number;
  /** Offset after the last record. */
  readonly endOffset: number;
  /** Epoch of the leader that wrote it. */
  readonly epoch: number;
  /** Wall-clock time of the append; −1 when unknown. */
  readonly appendTimeMs: number;
  /** Empty for batches that the quorum wrote for itself. */
  readonly records: readonly MetadataRecord[];
}

/** A snapshot of the metadata log, opened. */
export interface MetadataSnapshot {
  /** The offset after the last record that it contains, and that record's epoch. */
  readonly id: Position;
  readonly appendTimeMs: number;
  readonly records: Iterable<MetadataRecord>;
}

/**
 * What follows a metadata log: called by the quorum, in order, one call at a time, never from within a call of
 * {@link MetadataJournal}.
 */
export interface MetadataFollower {
  /** A committed batch: the next one, without gaps. On the leader, too: its own batches come back to it here. */
  commit(batch: MetadataBatch): void;
  /** The whole state is replaced. */
  restore(snapshot: MetadataSnapshot): void;
  /** The state after the last committed batch. */
  snapshot(): Iterable<VersionedRecord>;
  /** This node leads `epoch` and has been given everything that its log holds: it may append from now on. */
  lead(epoch: number): void;
  /** It no longer does. What it appended and was not given back may be lost. */
  resign(reason: string): void;
}

/** Where an active controller writes. */
export interface MetadataJournal {
  /**
   * Appends one batch. It is committed when the follower is given it.
   *
   * @param build makes the records once their place is known: a broker epoch is its record's offset. Called at most
   *   once, before this returns.
   * @returns Where the batch stands; or that this node does not lead, or that too much waits to be committed.
   */
  append(build: (baseOffset: number) => readonly VersionedRecord[]): AppendedBatch | AppendRefusal;
}

/** Where an appended batch stands. */
export interface AppendedBatch {
  readonly kind: 'appended';
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly epoch: number;
}

/** Why a batch was not appended; nothing of it will ever be. */
export interface AppendRefusal {
  readonly kind: 'not-leader' | 'busy' | 'too-large';
}
