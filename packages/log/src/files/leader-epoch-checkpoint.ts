import { formatCheckpoint, parseCheckpoint, parseNatural } from './checkpoint-text.ts';

/** Where the records of a leader epoch begin. */
export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

/** The text of `leader-epoch-checkpoint`: lines `epoch startOffset`. Source: `LeaderEpochCheckpointFile`. */
export function formatLeaderEpochs(entries: readonly EpochStart[]): Uint8Array<ArrayBuffer> {
  return formatCheckpoint(entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`));
}

/**
 * Reads `leader-epoch-checkpoint`.
 *
 * @param file what to call the file in an error.
 * @throws FileFault the file is not of this form.
 */
export function parseLeaderEpochs(file: string, bytes: Uint8Array): EpochStart[] {
  return parseCheckpoint(file, bytes, (line) => {
    const [number, position, ...rest] = line.split(/\s+/);
    const epoch = parseNatural(number);
    const startOffset = parseNatural(position);
    if (epoch === undefined || startOffset === undefined || rest.length > 0) return undefined;
    return { epoch, startOffset };
  });
}
