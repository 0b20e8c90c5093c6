import { BATCH_HEADER_SIZE, LOG_OVERHEAD, RecordBatch } from '@biquorum/kafka-wire';

/** Zig-zag varint, written the slow and obvious way. */
export function varint(value: number | bigint): number[] {
  const wide = BigInt(value);
  let rest = BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n));
  const bytes = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

/** The body of a record with these parts, its length in front. */
export function sized(...parts: readonly number[][]): number[] {
  const body = parts.flat();
  return [...varint(body.length), ...body];
}

/** A record with nothing special about it. */
export function plainRecord(offsetDelta: number, timestampDelta: number | bigint = 0): number[] {
  return sized([0], varint(timestampDelta), varint(offsetDelta), varint(1), [0x6b], varint(1), [0x76], varint(0));
}

export interface CraftOptions {
  readonly count?: number;
  readonly attributes?: number;
  readonly baseTimestamp?: number;
  readonly maxTimestamp?: number;
}

/** A batch around any bytes, with a good CRC. */
export function craftBatch(records: readonly number[], options: CraftOptions = {}): RecordBatch {
  const { count = 1, attributes = 0, baseTimestamp = 1_000, maxTimestamp = baseTimestamp } = options;
  const bytes = new Uint8Array(BATCH_HEADER_SIZE + records.length);
  bytes.set(records, BATCH_HEADER_SIZE);
  const batch = new RecordBatch(bytes);
  const { view } = batch;
  view.setInt32(8, bytes.length - LOG_OVERHEAD);
  view.setInt8(16, 2);
  view.setInt16(21, attributes);
  view.setInt32(23, count - 1);
  view.setBigInt64(27, BigInt(baseTimestamp));
  view.setBigInt64(35, BigInt(maxTimestamp));
  view.setBigInt64(43, -1n);
  view.setInt16(51, -1);
  view.setInt32(53, -1);
  view.setInt32(57, count);
  batch.updateCrc();
  return batch;
}
