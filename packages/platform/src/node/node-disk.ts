import fs from 'node:fs';
import { dirname } from 'node:path';
import type { DirectoryEntry, Disk, DiskFile, DiskLock, DiskSpace, FileKind, FileStatus, OpenMode } from '../disk.ts';
import { DiskError, type DiskOperation } from '../disk-error.ts';
import { attempt, diskError, promised, systemCode } from './disk-fault.ts';
import { lockFile } from './file-lock.ts';
import { openNodeFile } from './node-file.ts';

/** The file systems of the machine, by `node:fs`. */
export class NodeDisk implements Disk {
  open(path: string, mode: OpenMode): DiskFile {
    return openNodeFile(path, mode);
  }

  async list(path: string): Promise<DirectoryEntry[]> {
    const found = await promised<fs.Dirent[]>('list', path, (callback) =>
      fs.readdir(path, { withFileTypes: true }, callback),
    );
    return found.map((entry) => ({ name: entry.name, kind: kindOf(entry) })).sort(byName);
  }

  async stat(path: string): Promise<FileStatus | undefined> {
    try {
      const stats = await promised<fs.Stats>('stat', path, (callback) => fs.stat(path, callback));
      return { kind: kindOf(stats), size: stats.size, modifiedMs: stats.mtimeMs };
    } catch (error) {
      if (isNothingThere(error)) return undefined;
      throw error;
    }
  }

  async makeDirectory(path: string): Promise<void> {
    await promised('makeDirectory', path, (callback) => fs.mkdir(path, { recursive: true }, callback));
  }

  async remove(path: string): Promise<void> {
    try {
      await promised<void>('remove', path, (callback) => fs.unlink(path, callback));
    } catch (error) {
      // Linux says EISDIR of a directory, POSIX EPERM.
      const code = systemCode((error as DiskError).cause);
      if (code !== 'EISDIR' && code !== 'EPERM') throw error;
      await promised<void>('remove', path, (callback) => fs.rmdir(path, callback));
    }
  }

  async removeTree(path: string): Promise<void> {
    try {
      await promised<void>('removeTree', path, (callback) => fs.rm(path, { recursive: true, force: true }, callback));
    } catch (error) {
      if (!isNothingThere(error)) throw error;
    }
  }

  async rename(from: string, to: string): Promise<void> {
    await promised<void>('rename', from, (callback) => fs.rename(from, to, callback));
  }

  async setModified(path: string, modifiedMs: number): Promise<void> {
    const seconds = modifiedMs / 1_000;
    await promised<void>('setModified', path, (callback) => fs.utimes(path, seconds, seconds, callback));
  }

  async syncDirectory(path: string): Promise<void> {
    await syncPath(path, 'syncDirectory');
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = `${path}.tmp`;
    try {
      // Where the file system is busy with its journal, a name may take long to make.
      const fd = await promised<number>('replace', path, (callback) => fs.open(temporary, 'w', callback));
      try {
        await promised<void>('replace', path, (callback) => fs.writeFile(fd, bytes, callback));
        await promised<void>('replace', path, (callback) => fs.fsync(fd, callback));
      } finally {
        await promised<void>('replace', path, (callback) => fs.close(fd, callback));
      }
      await promised<void>('replace', path, (callback) => fs.rename(temporary, path, callback));
    } catch (error) {
      // Should this fail as well, the next call writes over what is left.
      await new Promise((resolve) => fs.rm(temporary, { force: true }, resolve));
      throw error;
    }
    await syncPath(dirname(path), 'replace');
  }

  async readWhole(path: string, bytesMax: number): Promise<Uint8Array> {
    const file = openNodeFile(path, 'read');
    try {
      const size = file.size();
      if (size > bytesMax) {
        const detail = `${size} bytes, more than the ${bytesMax} allowed; raise the bound if the file is meant to be so long`;
        throw new DiskError('too-large', { operation: 'readWhole', path, detail });
      }
      const bytes = new Uint8Array(size);
      const filled = await file.read(0, bytes);
      return filled === size ? bytes : bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  }

  async space(path: string): Promise<DiskSpace> {
    const { blocks, bavail, bsize } = await promised<fs.StatsFs>('space', path, (callback) =>
      fs.statfs(path, callback),
    );
    return { totalBytes: blocks * bsize, availableBytes: bavail * bsize };
  }

  async lock(path: string): Promise<DiskLock> {
    return lockFile(path);
  }
}

/** Below a file, as in a missing directory, there is nothing. */
function isNothingThere(error: unknown): boolean {
  return error instanceof DiskError && (error.code === 'not-found' || error.code === 'not-a-directory');
}

function kindOf(entry: fs.Dirent | fs.Stats): FileKind {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'directory' : 'other';
}

function byName(a: DirectoryEntry, b: DirectoryEntry): number {
  return a.name < b.name ? -1 : 1;
}

/** Windows keeps directories durable by itself and cannot open them. */
async function syncPath(path: string, operation: DiskOperation): Promise<void> {
  if (process.platform === 'win32') return;
  const fd = attempt(operation, path, () => fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY));
  try {
    await promised<void>(operation, path, (callback) => fs.fsync(fd, callback));
  } catch (error) {
    throw diskError(error, operation, path);
  } finally {
    await promised<void>(operation, path, (callback) => fs.close(fd, callback));
  }
}
