/** Why the disk would not. */
export type DiskErrorCode =
  | 'not-found'
  | 'exists'
  | 'is-directory'
  | 'not-a-directory'
  | 'not-empty'
  /** The file system or the quota is full. */
  | 'no-space'
  | 'not-permitted'
  /** The file system, or this handle, is read-only. */
  | 'read-only'
  | 'too-many-open-files'
  /** Longer than the bound that the caller gave, or than the file system can hold. */
  | 'too-large'
  | 'name-too-long'
  /** A rename across file systems. */
  | 'cross-device'
  /** Another holder has the lock. */
  | 'locked'
  /** The handle has been closed. */
  | 'closed'
  /** The device failed, or anything else; the cause tells more. */
  | 'io';

/** A fault of the environment, as a value: a code, what was attempted, and on which path. */
export class DiskError extends Error {
  override readonly name: string = 'DiskError';
  readonly code: DiskErrorCode;
  readonly operation: DiskOperation;
  readonly path: string;

  constructor(code: DiskErrorCode, facts: DiskErrorFacts) {
    const { operation, path, detail, cause } = facts;
    const explanation = detail ?? explanations[code];
    super(`${operation} ${path}: ${explanation}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.operation = operation;
    this.path = path;
  }
}

/** The operation of the port that failed. */
export type DiskOperation =
  | 'open'
  | 'size'
  | 'write'
  | 'read'
  | 'sync'
  | 'truncate'
  | 'allocate'
  | 'close'
  | 'list'
  | 'stat'
  | 'makeDirectory'
  | 'remove'
  | 'removeTree'
  | 'rename'
  | 'setModified'
  | 'syncDirectory'
  | 'replace'
  | 'readWhole'
  | 'space'
  | 'lock';

/** What a {@link DiskError} is about. */
export interface DiskErrorFacts {
  readonly operation: DiskOperation;
  readonly path: string;
  /** Says more than the code alone; replaces the standard explanation. */
  readonly detail?: string;
  /** The error of the system, if there was one. */
  readonly cause?: unknown;
}

const explanations: Readonly<Record<DiskErrorCode, string>> = {
  'not-found': 'no such file or directory; check the path',
  exists: 'exists already; choose another name or remove it first',
  'is-directory': 'is a directory where a file is wanted',
  'not-a-directory': 'is not a directory, or one of the names above it is not',
  'not-empty': 'directory is not empty; remove what is in it first',
  'no-space': 'no space left; free some, or raise the quota',
  'not-permitted': 'not permitted; check owner and mode of the path and of its directory',
  'read-only': 'not open for writing, or the file system is mounted read-only',
  'too-many-open-files': 'too many open files; raise the limit of the process (ulimit -n)',
  'too-large': 'longer than allowed; raise the bound if the file is meant to be so long',
  'name-too-long': 'name too long for this file system; choose a shorter one',
  'cross-device': 'cannot move to another file system; copy instead',
  locked: 'locked by another process; stop it, or choose another directory',
  closed: 'handle is closed; open the file again',
  io: 'the device failed; the cause tells more',
};
