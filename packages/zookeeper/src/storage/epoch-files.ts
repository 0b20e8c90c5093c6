import { StorageError } from '@biquorum/consensus';
import { DiskError } from '@biquorum/platform';
import { epochOf, formatZxid, type Zxid } from '@biquorum/zookeeper-wire';
import { type DataDirectory, readText } from './data-directory.ts';
import { BRING_BACK } from './remedies.ts';

/** What a member of an ensemble has promised and adopted. Invariant: acceptedEpoch ≥ currentEpoch. */
export interface Epochs {
  /** The last epoch that was promised to a leader. */
  readonly acceptedEpoch: number;
  /** The last epoch whose history was adopted. */
  readonly currentEpoch: number;
}

const EPOCH_BYTES_MAX = 32;

/**
 * Reads the files `acceptedEpoch` and `currentEpoch`. A missing one stands for the epoch of the last transaction and is
 * written. Source: Java `QuorumPeer.loadDataBase`.
 *
 * @returns Null when there is neither and no transaction either.
 * @throws StorageError as a rejection when the epochs do not fit each other or the log.
 */
export async function readEpochs(directory: DataDirectory, lastZxid: Zxid): Promise<Epochs | null> {
  const accepted = await readEpoch(directory, 'acceptedEpoch');
  const current = await readEpoch(directory, 'currentEpoch');
  if (accepted === null && current === null && lastZxid === 0) return null;
  const epoch = epochOf(lastZxid);
  const epochs = { acceptedEpoch: accepted ?? Math.max(epoch, current ?? 0), currentEpoch: current ?? epoch };
  const adopted = epoch <= epochs.currentEpoch ? epochs : await adoptLate(directory, epochs, lastZxid);
  if (adopted.acceptedEpoch < adopted.currentEpoch) {
    throw new StorageError(
      `${directory.snapshots}/acceptedEpoch`,
      `the accepted epoch ${adopted.acceptedEpoch} is older than the current epoch ${adopted.currentEpoch}`,
      BRING_BACK,
    );
  }
  if (adopted.acceptedEpoch !== accepted || adopted.currentEpoch !== current)
    await writeEpochs(directory, null, adopted);
  return adopted;
}

/** Writes what differs; the promise before what is adopted, so that the invariant holds whenever the power fails. */
export async function writeEpochs(directory: DataDirectory, before: Epochs | null, epochs: Epochs): Promise<void> {
  const { acceptedEpoch, currentEpoch } = epochs;
  if (before?.acceptedEpoch !== acceptedEpoch) await writeEpoch(directory, 'acceptedEpoch', acceptedEpoch);
  if (before?.currentEpoch !== currentEpoch) await writeEpoch(directory, 'currentEpoch', currentEpoch);
}

/**
 * The log is of a later epoch than what was adopted. Either the new `currentEpoch` was written and not yet renamed, or
 * the server stopped between the sync of what a new leader had sent and the writing of the epoch: then the log is what a
 * member of that later epoch would have, up to its last transaction, and the epoch was promised.
 */
async function adoptLate(directory: DataDirectory, epochs: Epochs, lastZxid: Zxid): Promise<Epochs> {
  const epoch = epochOf(lastZxid);
  const temporary = await readEpoch(directory, 'currentEpoch.tmp').catch(() => null);
  if (temporary !== null && temporary >= epoch && temporary <= epochs.acceptedEpoch) {
    return { ...epochs, currentEpoch: temporary };
  }
  if (epoch <= epochs.acceptedEpoch) return { ...epochs, currentEpoch: epoch };
  throw new StorageError(
    `${directory.snapshots}/currentEpoch`,
    `the current epoch ${epochs.currentEpoch} is older than the last transaction ${formatZxid(lastZxid)}`,
    BRING_BACK,
  );
}

async function readEpoch(directory: DataDirectory, name: string): Promise<number | null> {
  const path = `${directory.snapshots}/${name}`;
  const text = await readText(directory.disk, path, EPOCH_BYTES_MAX);
  if (text === null) return null;
  const line = text.split('\n')[0]?.trim() ?? '';
  if (!/^\d{1,10}$/.test(line)) throw new StorageError(path, `'${line}' is no epoch`, BRING_BACK);
  return Number(line);
}

async function writeEpoch(directory: DataDirectory, name: string, epoch: number): Promise<void> {
  await directory.disk.replace(`${directory.snapshots}/${name}`, new TextEncoder().encode(`${epoch}`));
}

/** Removes what an interrupted write has left. */
export async function removeLeftovers(directory: DataDirectory): Promise<void> {
  for (const name of ['acceptedEpoch.tmp', 'currentEpoch.tmp']) {
    try {
      await directory.disk.remove(`${directory.snapshots}/${name}`);
    } catch (error) {
      if (!(error instanceof DiskError && error.code === 'not-found')) throw error;
    }
  }
}
