import { readFileSync } from 'node:fs';
import { UsageError } from './command.ts';

/** A named file's bytes. @param what how the call names it, such as `--config`. @throws UsageError when it cannot be read */
export function readInputFile(what: string, path: string): Uint8Array {
  return asInput(what, path, () => readFileSync(path));
}

/** Does something with a named file. @throws UsageError when the file system refuses it: what is wrong with the file, in one line */
export function asInput<Result>(what: string, path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${what} ${path}: ${unreadable(code)}.`.trimStart(), { cause: error });
  }
}

function unreadable(code: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file; name one that is there';
    case 'EISDIR':
      return 'this is a folder; name a file in it';
    case 'EACCES':
    case 'EPERM':
      return 'it may not be read; change its permissions, or call this as its owner';
    default:
      return `it cannot be read (${code})`;
  }
}
