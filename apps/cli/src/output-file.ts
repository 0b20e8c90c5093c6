import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './command.ts';

/**
 * Where a file named by an option goes. What takes long before it is written must know at its beginning that the file
 * can be there.
 *
 * @throws UsageError when there is no such folder, or the path is one
 */
export function outputFile(flag: string, path: string): string {
  const file = resolve(path);
  const folder = dirname(file);
  if (!isDirectory(folder)) throw new UsageError(`--${flag} ${path}: there is no folder ${folder}; make it first.`);
  if (isDirectory(file)) throw new UsageError(`--${flag} ${path} is a folder; name a file in it.`);
  return file;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
