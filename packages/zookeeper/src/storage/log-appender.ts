import type { Disk, DiskFile } from '@biquorum/platform';
import { ByteWriter } from '@biquorum/std';
import type { Zxid } from '@biquorum/zookeeper-wire';
import { logName } from './file-names.ts';
import { encodeTail, LOG_HEADER, PADDING_END, RECORD_HEAD_BYTES, TAIL_BYTES, writeRecord } from './log-format.ts';

/** What a {@link LogAppender} is made from. */
export interface LogAppenderOptions {
  readonly disk: Disk;
  /** Where the log files are. */
  readonly directory: string;
  /** `preAllocSize`: a file grows by so many bytes of padding at a time. */
  readonly preAllocBytes: number;
  /** `txnLogSizeLimitInKb`: a file that is larger is not appended to any more; −1 for no limit. */
  readonly sizeLimitBytes: number;
  /** How a batch is made durable; by default by the file's own sync. */
  readonly sync?: (file: DiskFile) => Promise<void>;
}

/** Where a transaction's payload is: the file that begins with transaction `file`, and the position in it. */
export interface Place {
  readonly file: Zxid;
  readonly position: number;
}

/** A file that is being appended to. */
interface Tail {
  readonly zxid: Zxid;
  readonly path: string;
  file: DiskFile | null;
  /** Records that are only here yet. */
  unwritten: ByteWriter;
  /** Where the next record goes. */
  position: number;
  /** Up to here the file is on the disk. */
  synced: number;
  /** The file's length, padding included. */
  size: number;
  /** Up to here zeros were written ahead. */
  zeroed: number;
  syncs: number;
}

/** Java extends the padding when so few bytes of it are left. */
const PADDING_LEFT_BYTES = 4096;
/** With more bytes to each sync, writing zeros ahead costs more than it saves. */
const ZEROS_BELOW_BYTES_PER_SYNC = 32 * 1024;
const ZEROS_BYTES = 256 * 1024;
/** Memory for a batch; what a larger one took is given back. */
const BATCH_BYTES = 64 * 1024;
/** Padding for which zeros would be no small part is not worth it: logs of tests. */
const ZEROS_FROM_PADDING_BYTES = 16 * ZEROS_BYTES;
const ZEROS: Uint8Array = new Uint8Array(ZEROS_BYTES);

/**
 * Appends transactions to log files in Java's format. What is appended waits in memory until {@link commit}, which
 * writes it with one gathered write and syncs: so all that comes while a sync is under way shares the next one.
 *
 * A new file gets its header, padding and name on the disk before the first record, and a file is synced before the next
 * is begun; so nothing but the last batch can be half there after a crash. Source: Java `FileTxnLog`.
 */
export class LogAppender {
  readonly #options: LogAppenderOptions;
  /** Files that have something to be synced, and the one to append to at the end. */
  readonly #tails: Tail[] = [];
  #rolled = true;
  #closed = false;

  constructor(options: LogAppenderOptions) {
    this.#options = options;
  }

  /** Whether something waits for a {@link commit}. */
  get pending(): boolean {
    return this.#tails.some(({ position, synced }) => position > synced);
  }

  /** Takes a transaction in. @returns Where its payload will be. */
  append(zxid: Zxid, payload: Uint8Array): Place {
    let tail = this.#tails.at(-1);
    if (this.#rolled || tail === undefined) {
      tail = this.#fresh(zxid);
      this.#tails.push(tail);
      this.#rolled = false;
    }
    const at = tail.position + RECORD_HEAD_BYTES;
    const { position } = tail.unwritten;
    writeRecord(tail.unwritten, payload);
    tail.position += tail.unwritten.position - position;
    return { file: tail.zxid, position: at };
  }

  /** The next transaction begins a new file. */
  roll(): void {
    this.#rolled = true;
  }

  /**
   * Makes durable what was appended before the call. Must not be called again before it has ended.
   *
   * @throws DiskError as a rejection: then nobody knows what is on the disk, and the server has to stop.
   */
  async commit(): Promise<void> {
    const { sizeLimitBytes } = this.#options;
    for (let tail = this.#tails[0]; tail !== undefined && !this.#closed; tail = this.#tails[0]) {
      await this.#commit(tail);
      const last = this.#tails.length === 1;
      if (last && sizeLimitBytes > 0 && tail.size > sizeLimitBytes) this.roll();
      if (last && !this.#rolled) return;
      if (tail.unwritten.position > 0) return;
      this.#tails.shift();
      await tail.file?.close();
    }
  }

  /** Gives up all files; what was not committed may be lost. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#tails.map(({ file }) => file?.close()));
  }

  #fresh(zxid: Zxid): Tail {
    const path = `${this.#options.directory}/${logName(zxid)}`;
    const start = LOG_HEADER.length;
    const unwritten = new ByteWriter({ initialBytes: BATCH_BYTES });
    return { zxid, path, file: null, unwritten, position: start, synced: 0, size: 0, zeroed: 0, syncs: 0 };
  }

  async #commit(tail: Tail): Promise<void> {
    const file = tail.file ?? (await this.#create(tail));
    if (this.#closed || tail.unwritten.position === 0) return;
    // More may be appended while the padding grows.
    while (tail.position + TAIL_BYTES + PADDING_LEFT_BYTES >= tail.size) {
      const size = paddedSize(tail.position + TAIL_BYTES, tail.size, this.#options.preAllocBytes);
      file.write(size - PADDING_END.length, [PADDING_END]);
      tail.size = size;
      // The old end of the padding may be overwritten only when the new one is there.
      await file.sync();
      if (this.#closed) return;
    }
    const end = tail.position;
    file.write(tail.synced, [tail.unwritten.finish(), encodeTail(tail.synced), this.#zerosFor(tail)]);
    if (tail.unwritten.position <= BATCH_BYTES) tail.unwritten.reset();
    else tail.unwritten = new ByteWriter({ initialBytes: BATCH_BYTES });
    await (this.#options.sync?.(file) ?? file.sync());
    tail.synced = end;
    tail.syncs++;
  }

  async #create(tail: Tail): Promise<DiskFile> {
    const { disk, directory, preAllocBytes } = this.#options;
    const file = disk.open(tail.path, 'create-new');
    tail.file = file;
    tail.size = LOG_HEADER.length + preAllocBytes;
    file.write(0, [LOG_HEADER]);
    file.write(tail.size - PADDING_END.length, [PADDING_END]);
    await file.sync();
    await disk.syncDirectory(directory);
    tail.synced = LOG_HEADER.length;
    tail.zeroed = tail.synced;
    return file;
  }

  /** Where syncs are small, blocks that were written before cost a sync half as much as those that the file grows by. */
  #zerosFor(tail: Tail): Uint8Array {
    const end = tail.position + TAIL_BYTES;
    if (end <= tail.zeroed || this.#options.preAllocBytes < ZEROS_FROM_PADDING_BYTES) return NO_ZEROS;
    if (tail.synced > (tail.syncs + 1) * ZEROS_BELOW_BYTES_PER_SYNC) return NO_ZEROS;
    tail.zeroed = Math.min(end + ZEROS_BYTES, tail.size - PADDING_END.length);
    return ZEROS.subarray(0, Math.max(0, tail.zeroed - end));
  }
}

const NO_ZEROS: Uint8Array = new Uint8Array(0);

/** Source: Java `FilePadding`. */
function paddedSize(position: number, size: number, step: number): number {
  const needed = position + PADDING_LEFT_BYTES + 1;
  return needed <= size ? size : size + Math.ceil((needed - size) / step) * step;
}
