import type { Entry, Position } from '@biquorum/consensus';
import type { Log } from '@biquorum/log';
import { entryOf } from './entries.ts';

/** A metadata log whose files contradict one another. */
export class MetadataLogError extends Error {
  override readonly name: string = 'MetadataLogError';
}

/**
 * Whether the log holds a snapshot's cut. Looked up in the batches themselves: of epochs before the log's start the
 * checkpoint of epochs may know less than the segments that a crash has brought back.
 *
 * @throws MetadataLogError (as a rejection) when the log goes on otherwise than the snapshot says
 */
export async function holdsCut(log: Log, { epoch, index }: Position): Promise<boolean> {
  const { logStartOffset, endOffset, directory } = log;
  if (index > endOffset) return false;
  // One that ends before the log begins says nothing of it; whether another one covers the gap is looked at next.
  if (index <= logStartOffset) return true;
  for await (const batch of log.batches(index - 1)) {
    if (batch.nextOffset === index && batch.partitionLeaderEpoch === epoch) return true;
    if (batch.partitionLeaderEpoch < epoch) return false;
    throw new MetadataLogError(
      `the log in ${directory} ends epoch ${batch.partitionLeaderEpoch} at ${batch.nextOffset}, against snapshot ${index}-${epoch}; one of them is of another cluster`,
    );
  }
  return false;
}

/**
 * The log's shape from an offset on: data of one epoch in one piece and without their bytes, control batches as they are.
 *
 * @param onControl told of each control batch
 * @throws MetadataLogError (as a rejection) when there is a gap
 */
export async function logShape(
  log: Log,
  start: number,
  onControl: (index: number, payload: Uint8Array) => void,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let run: { index: number; span: number; epoch: number } | null = null;
  const endRun = (): void => {
    if (run !== null) entries.push({ ...run, kind: 'data', payload: NO_BYTES });
    run = null;
  };
  let next = start;
  for await (const batch of log.batches(start)) {
    const entry = entryOf(batch);
    if (entry.index !== next) {
      throw new MetadataLogError(`the log in ${log.directory} has a batch at ${entry.index} where ${next} was due`);
    }
    next += entry.span;
    if (entry.kind === 'control') {
      endRun();
      const payload = entry.payload.slice();
      onControl(entry.index, payload);
      entries.push({ ...entry, payload });
    } else {
      const last: typeof run = run;
      if (last !== null && last.epoch === entry.epoch) last.span += entry.span;
      else {
        endRun();
        run = { index: entry.index, span: entry.span, epoch: entry.epoch };
      }
    }
  }
  endRun();
  return entries;
}

const NO_BYTES = new Uint8Array(0);
