import { type Entry, StorageError } from '@biquorum/consensus';
import { formatZxid } from '@biquorum/zookeeper-wire';
import type { DataDirectory } from './data-directory.ts';
import { logName } from './file-names.ts';
import { readRecord, zxidOfPayload } from './log-format.ts';
import { type Slot, transaction } from './log-index.ts';
import { BRING_BACK } from './remedies.ts';

type Stored = Extract<Slot, { kind: 'stored' }>;

/**
 * The entries with their payloads. Those that are not in memory are read from their files, neighbours together, and
 * checked once more: the disk may have spoiled them since they were written.
 *
 * @param bytesMax of payload; there is one entry at least
 * @throws StorageError as a rejection when one is damaged; DiskError when its file is gone.
 */
export async function readPayloads(
  directory: DataDirectory,
  slots: readonly Slot[],
  bytesMax: number,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  let bytes = 0;
  for (const slot of slots) {
    for (const entry of slot.kind === 'stored' ? await readStored(directory, slot) : [entryOf(slot)]) {
      bytes += entry.payload.length;
      if (entries.length > 0 && bytes > bytesMax) return entries;
      entries.push(entry);
    }
  }
  return entries;
}

/** What is in memory as an entry. */
export function entryOf(slot: Exclude<Slot, Stored>): Entry {
  return slot.kind === 'jump' ? slot.entry : transaction(slot.zxid, slot.payload);
}

async function readStored(directory: DataDirectory, { from, upTo, start, end }: Stored): Promise<Entry[]> {
  const entries: Entry[] = [];
  const file = directory.disk.open(`${directory.logs}/${logName(start.file)}`, 'read');
  try {
    // What was cut off behind the last of them may have been counted in.
    const bytes = new Uint8Array(Math.min(end, file.size()) - start.position);
    await file.read(start.position, bytes);
    let at = 0;
    for (let zxid = start.zxid; zxid < upTo; zxid++) {
      const found = readRecord(bytes, at, bytes.length - at);
      if (found.kind !== 'record' || zxidOfPayload(found.payload) !== zxid) {
        throw new StorageError(
          file.path,
          `transaction ${formatZxid(zxid)} had reached the disk and is damaged`,
          BRING_BACK,
        );
      }
      at = found.end;
      if (zxid >= from) entries.push(transaction(zxid, found.payload));
    }
    return entries;
  } finally {
    await file.close();
  }
}
