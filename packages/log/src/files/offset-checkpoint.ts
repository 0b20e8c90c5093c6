import type { TopicPartition } from '../names/topic-partition.ts';
import { formatCheckpoint, parseCheckpoint, parseNatural } from './checkpoint-text.ts';

/** What a log directory remembers of one partition: where it was flushed to, starts, or is replicated to. */
export interface CheckpointedOffset extends TopicPartition {
  readonly offset: number;
}

/**
 * The text of a log directory's checkpoint: lines `topic partition offset`.
 *
 * Source: `kafka.server.checkpoints.OffsetCheckpointFile`.
 */
export function formatOffsetCheckpoint(entries: readonly CheckpointedOffset[]): Uint8Array<ArrayBuffer> {
  return formatCheckpoint(entries.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`));
}

/**
 * Reads a log directory's checkpoint.
 *
 * @param file what to call the file in an error.
 * @throws FileFault the file is not of this form.
 */
export function parseOffsetCheckpoint(file: string, bytes: Uint8Array): CheckpointedOffset[] {
  return parseCheckpoint(file, bytes, (line) => {
    const [topic, number, position, ...rest] = line.split(/\s+/);
    const partition = parseNatural(number);
    const offset = parseNatural(position);
    if (!topic || partition === undefined || offset === undefined || rest.length > 0) return undefined;
    return { topic, partition, offset };
  });
}
