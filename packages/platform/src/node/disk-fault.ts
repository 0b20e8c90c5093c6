import { DiskError, type DiskErrorCode, type DiskOperation } from '../disk-error.ts';

/** The port's error for one of Node's. */
export function diskError(cause: unknown, operation: DiskOperation, path: string): DiskError {
  if (cause instanceof DiskError) return cause;
  return new DiskError(codes[systemCode(cause) ?? ''] ?? 'io', { operation, path, cause });
}

/** The name of the system's error: `ENOENT`. */
export function systemCode(cause: unknown): string | undefined {
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** Runs a synchronous call of Node's under the port's errors. */
export function attempt<Result>(operation: DiskOperation, path: string, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    throw diskError(cause, operation, path);
  }
}

/** Runs an asynchronous call of Node's, in its callback form (a third cheaper than `node:fs/promises`). */
export function promised<Result>(
  operation: DiskOperation,
  path: string,
  run: (callback: (cause: unknown, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    run((cause, result) => {
      if (cause) reject(diskError(cause, operation, path));
      else resolve(result as Result);
    });
  });
}

const codes: { readonly [code: string]: DiskErrorCode } = {
  ENOENT: 'not-found',
  EEXIST: 'exists',
  EISDIR: 'is-directory',
  ERR_FS_EISDIR: 'is-directory',
  ENOTDIR: 'not-a-directory',
  ENOTEMPTY: 'not-empty',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EROFS: 'read-only',
  EMFILE: 'too-many-open-files',
  ENFILE: 'too-many-open-files',
  EFBIG: 'too-large',
  ENAMETOOLONG: 'name-too-long',
  EXDEV: 'cross-device',
};
