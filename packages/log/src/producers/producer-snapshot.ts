import { ByteReader, BytesError, ByteWriter, crc32c } from '@biquorum/std';
import { FileFault } from '../files/checkpoint-text.ts';
import { lastDataOffsetOf, lastSequenceOf, NO_TRANSACTION, type ProducerEntry } from './producer-entry.ts';

const VERSION = 1;
const CRC_AT = 2;
/** First byte that the CRC covers. */
const ENTRIES_AT = 6;
/** Version, CRC and number of entries. */
const HEADER_SIZE = 10;
const ENTRY_SIZE = 8 + 2 + 4 + 8 + 4 + 8 + 4 + 8;

/**
 * The bytes of a `.snapshot` file. Of each producer only the last batch is kept.
 *
 * Source: `ProducerStateManager.writeSnapshot`.
 */
export function formatProducerSnapshot(entries: Iterable<Readonly<ProducerEntry>>): Uint8Array {
  const writer = new ByteWriter({ initialBytes: HEADER_SIZE + ENTRY_SIZE });
  writer.i16(VERSION);
  writer.u32(0);
  writer.i32(0);
  let count = 0;
  for (const entry of entries) {
    writer.i64(entry.producerId);
    writer.i16(entry.epoch);
    writer.i32(lastSequenceOf(entry));
    writer.i64(lastDataOffsetOf(entry));
    writer.i32(entry.batches.at(-1)?.offsetDelta ?? 0);
    writer.i64(entry.lastTimestamp);
    writer.i32(entry.coordinatorEpoch);
    writer.i64(entry.transactionFirstOffset);
    count++;
  }
  const bytes = writer.finish();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setInt32(ENTRIES_AT, count);
  view.setUint32(CRC_AT, crc32c(bytes, ENTRIES_AT, bytes.length));
  return bytes;
}

/**
 * Reads a `.snapshot` file.
 *
 * @param file what to call the file in an error.
 * @throws FileFault another version, a CRC that does not hold, or too few bytes.
 */
export function parseProducerSnapshot(file: string, bytes: Uint8Array): ProducerEntry[] {
  try {
    return readEntries(file, new ByteReader(bytes), bytes);
  } catch (error) {
    if (error instanceof BytesError) throw new FileFault(file, `is cut off or damaged: ${error.message}`);
    throw error;
  }
}

function readEntries(file: string, reader: ByteReader, bytes: Uint8Array): ProducerEntry[] {
  const version = reader.i16();
  if (version !== VERSION) throw new FileFault(file, `has version ${version}; only version ${VERSION} is known`);
  const stated = reader.u32();
  const computed = crc32c(bytes, ENTRIES_AT, bytes.length);
  if (stated !== computed) throw new FileFault(file, `states CRC-32C ${stated}, its bytes have ${computed}`);
  const count = reader.i32();
  if (count < 0 || count * ENTRY_SIZE > reader.remaining) throw new FileFault(file, `states ${count} entries`);
  const entries: ProducerEntry[] = [];
  for (let index = 0; index < count; index++) entries.push(readEntry(reader));
  return entries;
}

function readEntry(reader: ByteReader): ProducerEntry {
  const producerId = reader.i64();
  const epoch = reader.i16();
  const lastSequence = reader.i32();
  const lastOffset = reader.i64();
  const offsetDelta = reader.i32();
  const lastTimestamp = reader.i64();
  const coordinatorEpoch = reader.i32();
  const transactionFirstOffset = reader.i64();
  const batch = { lastSequence, lastOffset, offsetDelta, timestamp: lastTimestamp };
  return {
    producerId,
    epoch,
    coordinatorEpoch,
    lastTimestamp,
    transactionFirstOffset: transactionFirstOffset < 0 ? NO_TRANSACTION : transactionFirstOffset,
    batches: lastOffset >= 0 ? [batch] : [],
  };
}
