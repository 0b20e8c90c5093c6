import type { Disk, DiskFile } from '@biquorum/platform';
import { encodeEntry, type JournalRecord, readEntries } from './frames.ts';

/** Where the journals lie. */
export const journalFolder = '/journal';

/** A file of records that can be trusted after a crash: what `durable` counts is there. */
export class Journal {
  readonly #file: DiskFile;
  #end: number;
  #appended: number;
  #durable: number;
  #syncing = false;
  readonly #onDurable: (sequence: number) => void;

  private constructor(file: DiskFile, end: number, sequence: number, onDurable: (sequence: number) => void) {
    this.#file = file;
    this.#end = end;
    this.#appended = sequence;
    this.#durable = sequence;
    this.#onDurable = onDurable;
  }

  /**
   * Opens the journal of that name, makes it when it is missing, and cuts off what a crash left torn.
   *
   * Whatever is found counts as durable from here on, so it is made so first: a process that was killed leaves records
   * in the page cache that no sync has covered, and names that no sync of the directory has.
   *
   * @param onDurable - Told the highest durable sequence whenever it grows.
   */
  static async open(disk: Disk, name: string, onDurable: (sequence: number) => void): Promise<Journal> {
    const file = disk.open(`${journalFolder}/${name}`, 'create');
    const bytes = new Uint8Array(file.size());
    file.readSync(0, bytes);
    const { records, validBytes } = readEntries(bytes);
    if (validBytes < bytes.length) await file.truncate(validBytes);
    await file.sync();
    await disk.syncDirectory(journalFolder);
    return new Journal(file, validBytes, records.length, onDurable);
  }

  /** Sequence of the last record appended, durable or not. */
  get appended(): number {
    return this.#appended;
  }

  /** Sequence of the last record that a crash cannot take: `durable ≤ appended`. */
  get durable(): number {
    return this.#durable;
  }

  /** Appends the next record to the page cache. */
  append(record: JournalRecord): void {
    const bytes = encodeEntry(record);
    this.#file.write(this.#end, [bytes]);
    this.#end += bytes.length;
    this.#appended = record.sequence;
  }

  /** Makes everything appended durable, one sync at a time; what comes meanwhile goes with the next. */
  async flush(): Promise<void> {
    if (this.#syncing) return;
    this.#syncing = true;
    while (this.#durable < this.#appended) {
      const covered = this.#appended;
      await this.#file.sync();
      this.#durable = covered;
      this.#onDurable(covered);
    }
    this.#syncing = false;
  }
}
