import { deepStrictEqual } from 'node:assert';
import { type CompressionCodecs, RecordBatch } from '@biquorum/kafka-wire';
import type { Prng } from '@biquorum/std';
import { batchFacts } from '../oracle/batch-facts.ts';
import type { BatchAnswer, BatchFacts } from '../oracle/oracle.ts';

/** Where the checksum begins to count, and the records do. */
const [ATTRIBUTES_AT, RECORDS_AT] = [21, 61];

/** Changes a byte or two of a batch behind its checksum, and states the checksum anew. */
export function damageBatch(sound: Uint8Array, random: Prng): Uint8Array {
  const bytes = sound.slice();
  for (let left = random.between(1, 2); left > 0; left--) {
    const inRecords = bytes.length > RECORDS_AT && random.chance(0.85);
    const at = inRecords ? random.between(RECORDS_AT, bytes.length - 1) : random.between(ATTRIBUTES_AT, RECORDS_AT - 1);
    const flipped = (bytes[at] as number) ^ (1 << random.below(8));
    bytes[at] = random.chance(0.5) ? flipped : random.pick([0, 1, 2, 0x7f, 0x80, 0xff, random.below(256)]);
  }
  new RecordBatch(bytes).updateCrc();
  return bytes;
}

/** How Java and we take the same batch. */
export type BatchAgreement = 'both-read' | 'both-refuse' | 'we-alone-refuse';

/**
 * Compares what Java made of a damaged batch with what we make of it. We may be stricter: what is beyond a number, or
 * not quite sound inside a codec, we refuse.
 *
 * @throws {Error} if we read what Java refuses, or read it differently
 */
export function compareBatch(bytes: Uint8Array, java: BatchAnswer, codecs: CompressionCodecs): BatchAgreement {
  let ours: readonly BatchFacts[];
  try {
    ours = batchFacts(bytes, codecs);
  } catch {
    return 'error' in java ? 'both-refuse' : 'we-alone-refuse';
  }
  const hex = Buffer.from(bytes).toString('hex');
  if ('error' in java) throw new Error(`we read ${hex}, Java does not: ${java.error}`);
  deepStrictEqual(ours.map(withoutSequences), java.batches.map(withoutSequences), hex);
  return 'both-read';
}

/** Damage makes offsets and counts negative, where Java's arithmetic of sequence numbers overflows in its own way. */
function withoutSequences({ lastSequence: _, records, ...facts }: BatchFacts): object {
  return { ...facts, records: records.map(({ sequence: __, ...record }) => record) };
}
