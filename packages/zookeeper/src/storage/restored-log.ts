import { StorageError } from '@biquorum/consensus';
import { counterOf, epochOf, formatZxid, type Zxid } from '@biquorum/zookeeper-wire';
import { snapshotOf } from './file-names.ts';
import { cutAfter, type LogIndex } from './log-index.ts';
import { BRING_MISSING_BACK } from './remedies.ts';
import type { LoadedSnapshot } from './restore.ts';
import type { LogRecord } from './walk-log.ts';

/**
 * What is found of the log at the start, as far as it is known to be without holes: nothing else may be passed on.
 *
 * A server of Apache's that was sent a snapshot keeps the log that it had and goes on behind the snapshot, perhaps in the
 * same file. What lies between is in the snapshot alone, and that may have been purged since. So of what comes before the
 * snapshot that the state was read from, only those transactions count that lead up to it without a gap in their epoch;
 * where an epoch begins there may be a hole that nothing shows. Behind that snapshot there is none unless a later
 * snapshot is there, which cannot be read.
 */
export class RestoredLog {
  readonly #index: LogIndex;
  readonly #snapshot: Zxid;
  /** Later snapshots that cannot be read, oldest first. */
  readonly #damaged: readonly { readonly name: string; readonly zxid: Zxid }[];
  #last: Zxid;

  constructor(index: LogIndex, loaded: LoadedSnapshot | null) {
    this.#index = index;
    this.#snapshot = loaded?.zxid ?? 0;
    this.#last = this.#snapshot;
    this.#damaged = (loaded?.damaged ?? []).flatMap(({ name }) => snapshotOf(name) ?? []).reverse();
  }

  /** A transaction that the snapshot holds. */
  passed({ zxid, payload, position }: LogRecord, file: Zxid): void {
    const { firstZxid, lastZxid } = this.#index;
    const follows = zxid === lastZxid + 1 && epochOf(zxid) === epochOf(lastZxid);
    if (firstZxid === null || !follows) this.#index.reset({ epoch: epochOf(zxid), index: zxid });
    this.#index.restore(zxid, { file, position }, payload.length);
  }

  /**
   * A transaction behind the snapshot.
   *
   * @param path of the log's file, for what is thrown
   * @throws StorageError for a hole: what is missing there would be missing in every member that follows this one.
   */
  found({ zxid, payload, position }: LogRecord, file: Zxid, path: string): void {
    const last = this.#last;
    if (last === this.#snapshot) this.#beginBehindSnapshot();
    const hidden = this.#damaged.find((snapshot) => last < snapshot.zxid && snapshot.zxid < zxid);
    if (hidden !== undefined) {
      throw new StorageError(
        path,
        `what lies between ${formatZxid(last)} and ${formatZxid(zxid)} may be in ${hidden.name} alone, which is damaged`,
        BRING_MISSING_BACK,
      );
    }
    if (zxid !== last + 1 && !(epochOf(zxid) > epochOf(last) && counterOf(zxid) === 1)) {
      throw new StorageError(
        path,
        last === this.#snapshot
          ? `the log begins with ${formatZxid(zxid)}, and the newest whole snapshot ends at ${formatZxid(last)}`
          : `${formatZxid(zxid)} follows ${formatZxid(last)}: transactions are missing`,
        BRING_MISSING_BACK,
      );
    }
    this.#last = zxid;
    this.#index.restore(zxid, { file, position }, payload.length);
  }

  /**
   * All was told: from here on the index knows where the log begins and ends.
   *
   * @param path of the snapshots, for what is thrown
   * @throws StorageError when a damaged snapshot goes further.
   */
  end(path: string): void {
    const beyond = this.#damaged.find(({ zxid }) => zxid > this.#last);
    if (beyond !== undefined) {
      throw new StorageError(
        `${path}/${beyond.name}`,
        `the snapshot is damaged, and the log ends at ${formatZxid(this.#last)} before it`,
        BRING_MISSING_BACK,
      );
    }
    if (this.#last === this.#snapshot) this.#beginBehindSnapshot();
    this.#index.begin(this.#index.start, cutAfter(this.#snapshot).index);
  }

  /** What does not lead up to the snapshot is of no use. */
  #beginBehindSnapshot(): void {
    const { firstZxid, lastZxid } = this.#index;
    if (firstZxid === null || lastZxid !== this.#snapshot) this.#index.reset(cutAfter(this.#snapshot));
  }
}
