import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';

/**
 * Waits until a file of a directory holds a text that will do.
 *
 * @returns the text
 * @throws {Error} naming the file and the text it holds, if that takes too long
 */
export async function waitForFile(
  directory: string,
  name: string,
  accept: (text: string) => boolean,
  timeoutMs: number,
): Promise<string> {
  const path = join(directory, name);
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const look = (): void => {
        const text = read(path);
        if (text !== undefined && accept(text)) resolve(text);
      };
      watcher = watch(directory, look);
      watcher.on('error', reject);
      timer = setTimeout(() => {
        reject(new Error(`${path} was not as expected after ${timeoutMs} ms; it holds ${read(path) ?? 'nothing'}`));
      }, timeoutMs);
      look();
    });
  } finally {
    clearTimeout(timer);
    watcher?.close();
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
