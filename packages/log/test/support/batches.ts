import { BatchBuilder, type BatchOptions } from '@biquorum/kafka-wire';
import type { Prng } from '@biquorum/std';

/** True time at the beginning of a world in memory: producers of older records count as idle for long. */
export const EPOCH_MS = 1_704_067_200_000;

/** A record as tests speak of it. */
export interface TestRecord {
  readonly key?: string | null;
  readonly value?: string | null;
  readonly timestamp?: number;
}

/** Bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A batch with these records, as a producer sends it unless the options say otherwise. */
export function batchOf(records: readonly TestRecord[], options: BatchOptions = {}): Uint8Array {
  const builder = new BatchBuilder(options);
  for (const { key = 'k', value = 'v', timestamp = 1_000 } of records) {
    builder.append(timestamp, key === null ? null : utf8(key), value === null ? null : utf8(value));
  }
  return builder.build().slice();
}

/** A batch of `count` records with values of `valueBytes` random bytes. */
export function randomBatch(prng: Prng, count: number, valueBytes: number, options: BatchOptions = {}): Uint8Array {
  const builder = new BatchBuilder(options);
  for (let index = 0; index < count; index++) {
    builder.append(EPOCH_MS + prng.below(1_000), utf8(`key-${prng.below(20)}`), prng.fill(new Uint8Array(valueBytes)));
  }
  return builder.build().slice();
}

/** Bytes of several batches, one after the other. */
export function joined(batches: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(batches.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const batch of batches) {
    bytes.set(batch, at);
    at += batch.length;
  }
  return bytes;
}
