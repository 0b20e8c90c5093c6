import fs from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { DiskLock } from '../disk.ts';
import { DiskError } from '../disk-error.ts';

/**
 * Locks a file as Java's `FileChannel.lock` does: with the record locks of `fcntl`, so that neither our processes nor
 * Apache's use a directory at the same time. They are the system's and go with the process.
 *
 * Node offers no such call, but brings SQLite, whose exclusive transaction holds exactly these locks (on a range within
 * the whole file that Java locks) and accounts for holders within this process, worker threads included. The
 * transaction writes nothing: the file stays empty, as Java leaves it, and no journal appears. Node 22 prints its warning
 * of an experimental feature; 24 and later are silent.
 *
 * Hazard: closing any descriptor of the file drops the locks of the whole process. So it is opened by SQLite alone.
 *
 * @throws DiskError `locked`, `not-found`, `is-directory`, `not-permitted`, `io`.
 */
export function lockFile(path: string): DiskLock {
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite') ?? {};
  if (Database === undefined) {
    const detail = 'this build of Node has no node:sqlite, which holds the lock; use an official build';
    throw new DiskError('io', { operation: 'lock', path, detail });
  }
  let database: DatabaseSync | undefined;
  try {
    database = new Database(path);
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    throw lockError(path, cause);
  }
  return new HeldLock(database);
}

class HeldLock implements DiskLock {
  #database: DatabaseSync | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  release(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
    return Promise.resolve();
  }
}

/** The low byte of SQLite's result codes. */
const BUSY = 5;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;

function lockError(path: string, cause: unknown): DiskError {
  const { errcode = 0 } = cause as { errcode?: number };
  const operation = 'lock';
  switch (errcode & 0xff) {
    case BUSY:
      return new DiskError('locked', { operation, path, cause });
    case CANNOT_OPEN:
      return new DiskError(whyNotOpened(path), { operation, path, cause });
    case NOT_A_DATABASE:
      return new DiskError('io', { operation, path, cause, detail: 'not empty; a lock file holds nothing else' });
    default:
      return new DiskError('io', { operation, path, cause });
  }
}

function whyNotOpened(path: string): 'not-found' | 'is-directory' | 'not-permitted' {
  if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return 'is-directory';
  return fs.existsSync(dirname(path)) ? 'not-permitted' : 'not-found';
}
