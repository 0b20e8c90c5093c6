import { readdirSync, readFileSync } from 'node:fs';
import { BatchCursor, openRecords, RecordCursor } from '@biquorum/kafka-wire';
import { decodeMetadataRecord, type MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { MetadataBatch } from '@biquorum/kraft';

const DIRECTORY = new URL('../fixtures/', import.meta.url);

/**
 * The metadata log of an Apache Kafka 3.9.2 cluster, one controller and three brokers with two directories each: topics
 * created (one by assignment), grown and deleted; configurations of topics, brokers and the default; quotas and SCRAM
 * credentials; reassignments, some complete and some not; one broker killed and fenced, one shut down.
 */
export function apacheLog(): MetadataBatch[] {
  return readBatches(readFileSync(new URL('apache-3.9.2.log', DIRECTORY)));
}

/** The snapshots that Apache's controller made of that log. */
export function apacheSnapshots(): {
  readonly endOffset: number;
  readonly epoch: number;
  readonly records: MetadataRecord[];
}[] {
  return readdirSync(DIRECTORY)
    .flatMap((name) => {
      const match = /-(\d{20})-(\d{10})\.checkpoint$/.exec(name);
      return match === null ? [] : [{ name, endOffset: Number(match[1]), epoch: Number(match[2]) }];
    })
    .map(({ name, endOffset, epoch }) => {
      const records = readBatches(readFileSync(new URL(name, DIRECTORY))).flatMap((batch) => batch.records);
      return { endOffset, epoch, records };
    });
}

function readBatches(bytes: Uint8Array): MetadataBatch[] {
  const found: MetadataBatch[] = [];
  const batches = new BatchCursor(bytes);
  const cursor = new RecordCursor();
  while (batches.next()) {
    const { baseOffset, lastOffset, partitionLeaderEpoch, isControl, maxTimestamp } = batches.batch;
    const records: MetadataRecord[] = [];
    if (!isControl) {
      const fault = openRecords(cursor, batches.batch, { codecs: {}, maxBytes: 0 });
      if (fault !== undefined) throw new Error(`batch at ${baseOffset} cannot be read`);
      while (cursor.next()) records.push(decodeMetadataRecord(cursor.value() ?? new Uint8Array(0)));
    }
    found.push({
      baseOffset,
      endOffset: lastOffset + 1,
      epoch: partitionLeaderEpoch,
      appendTimeMs: maxTimestamp,
      records,
    });
  }
  return found;
}
