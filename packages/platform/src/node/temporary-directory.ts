import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a fresh directory among the system's temporary files and tells its absolute path. */
export function makeTemporaryDirectory(prefix: string): Promise<string> {
  return mkdtemp(join(tmpdir(), prefix));
}

/** Where the system, or who looks after it, may clear files away. */
export function temporaryDirectories(): readonly string[] {
  return [...new Set([tmpdir(), '/tmp', '/var/tmp'])];
}
