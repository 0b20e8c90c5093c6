import { type Entry, StorageError } from '@biquorum/consensus';
import { formatZxid, type Zxid } from '@biquorum/zookeeper-wire';
import type { DataDirectory } from './data-directory.ts';
import { logName } from './file-names.ts';
import { RECORD_EXTRA_BYTES, RECORD_HEAD_BYTES, readRecord, zxidOfPayload } from './log-format.ts';
import { type Slot, transaction } from './log-index.ts';

type Stored = Extract<Slot, { kind: 'transaction' }>;

/**
 * The entries with their payloads; those that are not in memory are read from their files, neighbours together, and
 * checked once more: the disk may have spoiled them since they were written.
 *
 * @throws StorageError as a rejection when one is damaged; DiskError when its file is gone.
 */
export async function readPayloads(
  directory: DataDirectory,
  slots: readonly Slot[],
  cached: (zxid: Zxid) => Uint8Array | undefined,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let at = 0; at < slots.length; ) {
    const slot = slots[at] as Slot;
    if (slot.kind === 'jump') {
      entries.push(slot.entry);
      at++;
      continue;
    }
    const payload = cached(slot.zxid);
    if (payload !== undefined) {
      entries.push(transaction(slot.zxid, payload));
      at++;
      continue;
    }
    const run = neighbours(slots, at, cached);
    entries.push(...(await readRun(directory, run)));
    at += run.length;
  }
  return entries;
}

/** Transactions that lie one behind the other in one file. */
function neighbours(slots: readonly Slot[], from: number, cached: (zxid: Zxid) => Uint8Array | undefined): Stored[] {
  const run: Stored[] = [];
  for (let at = from; at < slots.length; at++) {
    const slot = slots[at] as Slot;
    const last = run.at(-1);
    if (slot.kind === 'jump' || cached(slot.zxid) !== undefined) break;
    if (last !== undefined && (slot.place?.file !== last.place?.file || slot.place?.position !== behind(last))) break;
    run.push(slot);
  }
  return run;
}

function behind({ place, bytes }: Stored): number {
  return (place?.position ?? 0) + bytes + RECORD_EXTRA_BYTES;
}

async function readRun(directory: DataDirectory, run: readonly Stored[]): Promise<Entry[]> {
  const [first] = run;
  const last = run.at(-1);
  if (first?.place == null || last?.place == null)
    throw new StorageError(directory.logs, 'a transaction is in no file');
  const start = first.place.position - RECORD_HEAD_BYTES;
  const bytes = new Uint8Array(last.place.position + last.bytes + 1 - start);
  const file = directory.disk.open(`${directory.logs}/${logName(first.place.file)}`, 'read');
  try {
    await file.read(start, bytes);
    let at = 0;
    return run.map(({ zxid }) => {
      const found = readRecord(bytes, at, bytes.length - at);
      if (found.kind !== 'record' || zxidOfPayload(found.payload) !== zxid) {
        throw new StorageError(file.path, `transaction ${formatZxid(zxid)} had reached the disk and is damaged`);
      }
      at = found.end;
      return transaction(zxid, found.payload);
    });
  } finally {
    await file.close();
  }
}
