/**
 * Files and directories.
 *
 * What is synchronous and what is not follows from measurements (Node 24, Linux). A call that only touches the page
 * cache takes 1 to 10 µs when made directly, and 30 to 150 µs through a thread pool; so `open`, `write`, `readSync`
 * and `size` are synchronous, and an append that rolls into a new file stays one synchronous step. Whatever may wait
 * for the device is asynchronous: `sync`, cold reads, and everything that frees many blocks (deleting or truncating
 * 512 MiB takes 30 ms, closing a deleted file 280 ms). Directory operations are asynchronous too: with sixteen of them
 * in flight one costs 4 to 15 µs.
 *
 * Durability is that of POSIX at its word, which is less than many file systems give. Bytes survive a crash once
 * `DiskFile.sync` has resolved; a name (created, renamed or removed) survives once `syncDirectory` of its directory has
 * resolved. Before that either state may be found, and of unsynced bytes any part.
 *
 * Paths are absolute, with `/` between the names. All failures are {@link DiskError}s: thrown by synchronous calls,
 * rejections from the others.
 */
export interface Disk {
  /**
   * Opens a file for positional reading and, unless `mode` is `read`, writing.
   *
   * @throws DiskError `not-found`, `exists`, `is-directory`, `not-permitted`, `too-many-open-files`, `no-space`.
   */
  open(path: string, mode: OpenMode): DiskFile;

  /** The entries of a directory, sorted by name (by UTF-16 code units). */
  list(path: string): Promise<DirectoryEntry[]>;

  /** What stands at `path`, or `undefined` if nothing does. */
  stat(path: string): Promise<FileStatus | undefined>;

  /** Makes a directory and the missing ones above it. Does nothing when it is there. */
  makeDirectory(path: string): Promise<void>;

  /** Removes a file or an empty directory. @throws DiskError `not-found`, `not-empty`. */
  remove(path: string): Promise<void>;

  /** Removes whatever stands at `path` with all that is in it; does nothing when nothing is there. Not atomic. */
  removeTree(path: string): Promise<void>;

  /**
   * Moves a file or a directory within one file system; open files follow. A file in the way at `to` is replaced
   * atomically, so is an empty directory by a directory.
   */
  rename(from: string, to: string): Promise<void>;

  /** Sets the time of last modification, in milliseconds of the wall clock. */
  setModified(path: string, modifiedMs: number): Promise<void>;

  /** Makes the names in this directory durable: creations, renames and removals. */
  syncDirectory(path: string): Promise<void>;

  /**
   * Writes a whole small file so that after a crash either the old or the new content is found, and the new one once
   * the promise has resolved: temporary file beside it (`<name>.tmp`), sync, rename, sync of the directory. Calls for
   * the same path must not overlap. `bytes` must not change until the promise settles.
   */
  replace(path: string, bytes: Uint8Array): Promise<void>;

  /** Reads a whole small file. @throws DiskError `too-large` when it is longer than `bytesMax`. */
  readWhole(path: string, bytesMax: number): Promise<Uint8Array>;

  /** How much room the file system below `path` has. */
  space(path: string): Promise<DiskSpace>;

  /**
   * Takes the exclusive, advisory lock on a file, which is made if it is missing and must be used for nothing else.
   * The lock ends with `release` or with the process, however that dies.
   *
   * @throws DiskError `locked` when another holder, in this process or another, has it.
   */
  lock(path: string): Promise<DiskLock>;
}

/**
 * How to open a file: `read` an existing one; `write` (and read) an existing one; `create` it if it is missing, then as
 * `write`; `create-new`, which fails with `exists` when it is there.
 */
export type OpenMode = 'read' | 'write' | 'create' | 'create-new';

/** An open file. Positions and lengths are in bytes. */
export interface DiskFile {
  /** The path by which it was opened. */
  readonly path: string;

  /** Its length now. To append, write at this position. */
  size(): number;

  /**
   * Writes all chunks, gathered, into the page cache. The bytes are the caller's again when it returns. A gap before
   * `position` reads as zeros.
   *
   * @throws DiskError, after which any prefix of the bytes may have been written: write again at the same position, or
   * truncate.
   */
  write(position: number, chunks: readonly Uint8Array[]): void;

  /**
   * Fills `into` from `position` on, without leaving the loop: for what the page cache surely holds, such as the tail
   * just written. On a cold page it blocks until the device answers.
   *
   * @returns the number of bytes read; fewer than asked only at the end of the file.
   */
  readSync(position: number, into: Uint8Array): number;

  /** As `readSync`, but off the loop. `into` belongs to the file until the promise settles. */
  read(position: number, into: Uint8Array): Promise<number>;

  /**
   * Makes durable what was written before the call, and the length needed to read it (fdatasync). Writes made
   * meanwhile may or may not be covered. It does not cover the file's name: see {@link Disk.syncDirectory}.
   *
   * After a failure nobody knows which bytes reached the device, and a second attempt could claim success for lost
   * ones. So the handle is spoiled: every later `sync` rejects with the same error. Truncate to a known state
   * through a new handle, or stop.
   */
  sync(): Promise<void>;

  /** Cuts the file to `size`, or lengthens it with zeros that take no room on the device. */
  truncate(size: number): Promise<void>;

  /**
   * Lengthens the file to `size` with zeros that are really written, so that overwriting them later needs no change of
   * metadata and `sync` costs half. Does nothing when the file is that long. Durable only after `sync`.
   */
  allocate(size: number): Promise<void>;

  /** Ends the use of this handle, after the operations in flight; later ones fail with `closed`. Idempotent. */
  close(): Promise<void>;
}

/** One name in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
}

/** `other` is what we never make: links, sockets, devices. */
export type FileKind = 'file' | 'directory' | 'other';

/** What is known of a path without opening it. */
export interface FileStatus {
  readonly kind: FileKind;
  /** Length in bytes; of no meaning for a directory. */
  readonly size: number;
  /** Last modification, in milliseconds of the wall clock, with a fraction where the file system keeps one. */
  readonly modifiedMs: number;
}

/** Room on a file system, in bytes. */
export interface DiskSpace {
  readonly totalBytes: number;
  /** What this process may still use. */
  readonly availableBytes: number;
}

/** A lock that is held. */
export interface DiskLock {
  /** Gives the lock up. The file stays. Idempotent. */
  release(): Promise<void>;
}
