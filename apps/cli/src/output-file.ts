import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CommandFault, UsageError } from './command.ts';

/**
 * Where a file named by an option goes. What takes long before it is written must know at its beginning that the file
 * can be there.
 *
 * @throws UsageError when there is no such folder, the path is one, or it may not be written
 */
export function outputFile(flag: string, path: string): string {
  const file = resolve(path);
  const folder = dirname(file);
  if (!isDirectory(folder)) throw new UsageError(`--${flag} ${path}: there is no folder ${folder}; make it first.`);
  if (isDirectory(file)) throw new UsageError(`--${flag} ${path} is a folder; name a file in it.`);
  if (!isWritable(existsSync(file) ? file : folder)) {
    throw new UsageError(`--${flag} ${path} may not be written; name another file, or change the permissions.`);
  }
  return file;
}

/**
 * Writes a file that an option named, and {@link outputFile} has looked at.
 *
 * @throws CommandFault when that fails all the same: a disk is full, say
 */
export function writeOutputFile(flag: string, path: string, text: string, ending: string = ''): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFault(`--${flag} ${path} cannot be written (${code})${ending}.`, { cause: error });
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
