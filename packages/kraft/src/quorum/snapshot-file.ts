import type { Position } from '@biquorum/consensus';
import {
  BatchBuilder,
  BatchCursor,
  buildControlBatch,
  checkBatch,
  controlRecordKey,
  controlRecordTypeOf,
  RecordCursor,
} from '@biquorum/kafka-wire';
import { encodeMetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { kRaftVersionRecord, snapshotFooterRecord, snapshotHeaderRecord } from '@biquorum/kafka-wire/raft';
import type { VoterSet } from '@biquorum/raft';
import type { VersionedRecord } from '../journal.ts';
import { encodeVoters, readControls } from './control-batches.ts';

/** Ending of a snapshot's name; of one that is being written or received; of one that is marked for removal. */
const ENDING = '.checkpoint';
export const PART_ENDING = '.checkpoint.part';
export const DELETED_ENDING = '.checkpoint.deleted';

/** Records and bytes of one batch of a snapshot, at most. */
const BATCH_RECORDS_MAX = 1024;
const BATCH_BYTES_MAX = 256 * 1024;

/** Name of a snapshot: offset after the last record that it contains, and that record's epoch. */
export function snapshotFileName({ index, epoch }: Position, ending: string = ENDING): string {
  return `${String(index).padStart(20, '0')}-${String(epoch).padStart(10, '0')}${ending}`;
}

/** Takes a snapshot's name apart; null when it is none, or one that is not whole. */
export function snapshotIdOf(name: string): Position | null {
  const match = /^(\d{20})-(\d{10})\.checkpoint$/.exec(name);
  return match === null ? null : { index: Number(match[1]), epoch: Number(match[2]) };
}

/** What stands in a snapshot's header. */
export interface SnapshotHead {
  /** Time of the last batch that went into it. */
  readonly lastContainedMs: number;
  /** The voters, where they are in the log (kraft.version 1). */
  readonly voters: VoterSet | null;
}

/** What a snapshot is written from. */
export interface SnapshotContent extends SnapshotHead {
  readonly id: Position;
  readonly records: Iterator<VersionedRecord>;
}

/**
 * The batches of a snapshot, one after the other, none of them large: header, data, footer.
 *
 * Source: Java `RecordsSnapshotWriter`, `Snapshots`.
 *
 * @param listener by which addresses without a listener's name are meant
 */
export function* snapshotBatches(
  content: SnapshotContent,
  wallMs: () => number,
  listener: string,
): Generator<Uint8Array, void, void> {
  const { id, lastContainedMs, voters, records } = content;
  const timestampMs = wallMs();
  const head = new BatchBuilder({ partitionLeaderEpoch: id.epoch, isControl: true }, 256);
  const header = snapshotHeaderRecord.toBytes({ version: 0, lastContainedLogTimestamp: lastContainedMs }, 0);
  head.append(timestampMs, controlRecordKey('snapshot-header'), header);
  if (voters !== null) {
    const version = kRaftVersionRecord.toBytes({ version: 0, kRaftVersion: 1 }, 0);
    head.append(timestampMs, controlRecordKey('kraft-version'), version);
    head.append(timestampMs, controlRecordKey('kraft-voters'), encodeVoters(voters, listener));
  }
  yield head.build().slice();
  const data = new BatchBuilder({}, 4096);
  let next = head.nextOffset;
  for (let record = records.next(); record.done !== true; ) {
    const createdMs = wallMs();
    data.start({ baseOffset: next, partitionLeaderEpoch: id.epoch });
    do {
      data.append(createdMs, null, encodeMetadataRecord(record.value.message, record.value.version));
      record = records.next();
    } while (record.done !== true && data.recordCount < BATCH_RECORDS_MAX && data.uncompressedSize < BATCH_BYTES_MAX);
    next = data.nextOffset;
    yield data.build().slice();
  }
  const footer = snapshotFooterRecord.toBytes({ version: 0 }, 0);
  const place = { baseOffset: next, partitionLeaderEpoch: id.epoch, timestampMs: wallMs() };
  yield buildControlBatch('snapshot-footer', footer, place);
}

/** What a snapshot's bytes begin with, once all of them were checked; null when they are damaged or not whole. */
export function checkSnapshot(bytes: Uint8Array): SnapshotHead | null {
  const batches = new BatchCursor(bytes);
  const records = new RecordCursor();
  let head: SnapshotHead | null = null;
  let ended = false;
  while (batches.next()) {
    const { batch } = batches;
    if (ended || checkBatch(batch) !== undefined) return null;
    if (head === null) {
      head = readHead(batch.bytes.subarray(batch.position, batch.end));
      if (head === null) return null;
    } else if (batch.isControl) {
      records.open(batch);
      while (records.next()) if (controlRecordTypeOf(records) === 'snapshot-footer') ended = true;
    }
  }
  return batches.fault === undefined && ended ? head : null;
}

function readHead(bytes: Uint8Array): SnapshotHead | null {
  const batches = new BatchCursor(bytes);
  const records = new RecordCursor();
  if (!batches.next() || !batches.batch.isControl) return null;
  records.open(batches.batch);
  if (!records.next() || controlRecordTypeOf(records) !== 'snapshot-header') return null;
  try {
    const { lastContainedLogTimestamp } = snapshotHeaderRecord.fromBytes(records.value() ?? new Uint8Array(0), 0);
    const controls = readControls(bytes);
    const voters = controls.findLast((control) => control.kind === 'voters');
    return { lastContainedMs: lastContainedLogTimestamp, voters: voters === undefined ? null : voters.set };
  } catch {
    return null;
  }
}
