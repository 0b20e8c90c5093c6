import { decodeMetadataRecord, encodeMetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type {
  AppendedBatch,
  AppendRefusal,
  MetadataBatch,
  MetadataFollower,
  MetadataJournal,
  VersionedRecord,
} from '@biquorum/kraft';

/**
 * The metadata log of a quorum of one, in memory: it commits when told. Records go through their bytes, as in a real log.
 */
export class MemoryJournal implements MetadataJournal {
  readonly follower: MetadataFollower;
  /** Everything committed, in order. */
  readonly batches: MetadataBatch[] = [];
  /** Appended and not committed. */
  readonly pending: MetadataBatch[] = [];
  /** Commit each batch in a turn of its own after it was appended. */
  autoCommit = true;
  /** Answer to the next appends; null accepts them. */
  refuse: AppendRefusal['kind'] | null = null;
  #epoch: number | null = null;
  #nextEpoch = 1;
  /** The quorum writes a control batch of its own at the start of each leadership. */
  #endOffset = 0;

  constructor(follower: MetadataFollower) {
    this.follower = follower;
  }

  get endOffset(): number {
    return this.#endOffset;
  }

  lead(): void {
    const epoch = this.#nextEpoch++;
    this.#epoch = epoch;
    this.#deliver({
      baseOffset: this.#endOffset,
      endOffset: this.#endOffset + 1,
      epoch,
      appendTimeMs: -1,
      records: [],
    });
    this.#endOffset += 1;
    this.follower.lead(epoch);
  }

  /** Loses the leadership and everything that is not committed. */
  resign(): void {
    this.#epoch = null;
    const first = this.pending[0];
    if (first !== undefined) this.#endOffset = first.baseOffset;
    this.pending.length = 0;
    this.follower.resign('told to');
  }

  commit(count: number = this.pending.length): void {
    for (const batch of this.pending.splice(0, count)) this.#deliver(batch);
  }

  append(build: (baseOffset: number) => readonly VersionedRecord[]): AppendedBatch | AppendRefusal {
    const epoch = this.#epoch;
    if (epoch === null) return { kind: 'not-leader' };
    if (this.refuse !== null) return { kind: this.refuse };
    const baseOffset = this.#endOffset;
    const records = build(baseOffset).map(({ message, version }) =>
      decodeMetadataRecord(encodeMetadataRecord(message, version)),
    );
    const endOffset = baseOffset + records.length;
    this.#endOffset = endOffset;
    this.pending.push({ baseOffset, endOffset, epoch, appendTimeMs: 0, records });
    if (this.autoCommit) queueMicrotask(() => this.commit());
    return { kind: 'appended', baseOffset, endOffset, epoch };
  }

  #deliver(batch: MetadataBatch): void {
    this.batches.push(batch);
    this.follower.commit(batch);
  }
}
