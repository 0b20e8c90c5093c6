import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a fresh directory among the system's temporary files and tells its absolute path. */
export function makeTemporaryDirectory(prefix: string): Promise<string> {
  return mkdtemp(join(tmpdir(), prefix));
}

const atExit: Set<string> = new Set();

/**
 * Removes a directory with all that is in it when this process exits by itself: also when that happens before whoever
 * made it could clear up. What was removed until then is none of its business.
 */
export function removeAtExit(path: string): void {
  if (atExit.size === 0) {
    process.once('exit', () => {
      for (const directory of atExit) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    });
  }
  atExit.add(path);
}

/** Where the system, or who looks after it, may clear files away. */
export function temporaryDirectories(): readonly string[] {
  return [...new Set([tmpdir(), '/tmp', '/var/tmp'])];
}
