import { deepStrictEqual } from 'node:assert';
import type { CompressionCodecs } from '@biquorum/kafka-wire';
import { batchesOf, batchFacts, rebuild } from '../oracle/batch-facts.ts';
import type { BatchRecording } from '../oracle/oracle.ts';

/**
 * Holds our reader and our builder against batches that Java wrote: the same header fields and records, and, without
 * compression, the same bytes. A compressed batch is rebuilt into the bytes of its uncompressed twin.
 *
 * @throws {Error} naming the first recording that differs
 */
export function checkRecordedBatches(recordings: readonly BatchRecording[], codecs: CompressionCodecs): void {
  const plain = new Map(recordings.filter(({ codec }) => codec === 'none').map(({ name, hex }) => [name, hex]));
  for (const { name, codec, hex, batches } of recordings) {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
    try {
      deepStrictEqual(batchFacts(bytes, codecs), batches);
      const twin = plain.get(name);
      // Batches of several codecs in a row have none.
      if (twin === undefined) continue;
      const rebuilt = batchesOf(bytes).map((batch) => rebuild(batch, codecs));
      deepStrictEqual(Buffer.concat(rebuilt).toString('hex'), twin, 'it is built differently');
    } catch (error) {
      throw new Error(`${name}, ${codec}: ${(error as Error).message}`, { cause: error });
    }
  }
}
