import { FileFault, parseProducerSnapshot } from '@biquorum/log';
import { bytesOfFile } from './read-file.ts';
import type { Said } from './said.ts';

const ABORTED_BYTES = 2 + 8 + 8 + 8 + 8;

/** Tells of a snapshot of producers. Source: `kafka.tools.DumpLogSegments.dumpProducerIdSnapshot`. */
export function dumpProducers(path: string, said: Said): void {
  try {
    for (const entry of parseProducerSnapshot(path, bytesOfFile(path))) {
      const { producerId, epoch, coordinatorEpoch, transactionFirstOffset: first, lastTimestamp } = entry;
      const begin = first < 0 ? 'OptionalLong.empty' : `OptionalLong[${first}]`;
      const head = `producerId: ${producerId} producerEpoch: ${epoch} coordinatorEpoch: ${coordinatorEpoch} currentTxnFirstOffset: ${begin} lastTimestamp: ${lastTimestamp} `;
      const [batch] = entry.batches;
      const lastBatch =
        batch === undefined
          ? undefined
          : {
              firstSequence: sequenceBefore(batch.lastSequence, batch.offsetDelta),
              lastSequence: batch.lastSequence,
              lastOffset: batch.lastOffset,
              offsetDelta: batch.offsetDelta,
              timestamp: batch.timestamp,
            };
      const tail = Object.entries(lastBatch ?? {}).map(([name, value]) => `${name}: ${value}`);
      const currentTxnFirstOffset = first < 0 ? null : first;
      const facts = { producerId, producerEpoch: epoch, coordinatorEpoch, currentTxnFirstOffset, lastTimestamp };
      said.say(head + tail.join(' '), { ...facts, ...lastBatch });
    }
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    said.markBroken();
    said.note(error.message, { problem: error.message });
  }
}

/** Sequences go round from 2^31 − 1 to 0. */
function sequenceBefore(sequence: number, by: number): number {
  return sequence >= by ? sequence - by : sequence + 2 ** 31 - by;
}

/** Tells of a transaction index: what was aborted. Source: `kafka.tools.DumpLogSegments.dumpTxnIndex`. */
export function dumpAborted(path: string, said: Said): void {
  const bytes = bytesOfFile(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + ABORTED_BYTES <= bytes.length; at += ABORTED_BYTES) {
    const number = (offset: number): number => Number(view.getBigInt64(at + offset));
    const facts = {
      version: view.getInt16(at),
      producerId: number(2),
      firstOffset: number(10),
      lastOffset: number(18),
      lastStableOffset: number(26),
    };
    said.say(
      Object.entries(facts)
        .map(([name, value]) => `${name}: ${value}`)
        .join(' '),
      facts,
    );
  }
  const rest = bytes.length % ABORTED_BYTES;
  if (rest === 0) return;
  said.markBroken();
  said.note(`Found ${rest} invalid bytes at the end of ${path}`, { invalidBytes: rest });
}
