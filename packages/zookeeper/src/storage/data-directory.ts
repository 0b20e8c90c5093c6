import { StorageError } from '@biquorum/consensus';
import { type Disk, DiskError, type DiskLock } from '@biquorum/platform';
import { type LogName, logOf, type SnapshotName, snapshotOf } from './file-names.ts';

/** Where a server's files are. */
export interface DataDirectoryOptions {
  readonly disk: Disk;
  /** `dataDir`: absolute path, with the snapshots, `myid` and the epochs. */
  readonly dataDir: string;
  /** `dataLogDir`: absolute path, with the transaction log; `dataDir` by default. */
  readonly dataLogDir?: string;
  /** `zookeeper.datadir.autocreate`: whether missing directories are made; true by default. */
  readonly autocreate?: boolean;
}

/** Both directories carry the format's version as their last name. */
const VERSION = 'version-2';
/** Held while a server runs: two in one directory would overwrite each other's log. */
const LOCK_FILE = '.lock';
const MYID_BYTES_MAX = 64;

/** A server's directories, locked for it. Source: Java `FileTxnSnapLog`. */
export class DataDirectory {
  readonly disk: Disk;
  /** `dataDir` itself. */
  readonly root: string;
  /** Where snapshots and epochs are. */
  readonly snapshots: string;
  /** Where the log is. */
  readonly logs: string;
  readonly #locks: DiskLock[] = [];

  private constructor({ disk, dataDir, dataLogDir = dataDir }: DataDirectoryOptions) {
    this.disk = disk;
    this.root = dataDir;
    this.snapshots = `${dataDir}/${VERSION}`;
    this.logs = `${dataLogDir}/${VERSION}`;
  }

  /**
   * Makes the directories if they are missing, and locks them.
   *
   * @throws StorageError as a rejection when a directory is missing and must not be made, or when snapshots lie among
   *   the logs or logs among the snapshots; DiskError `locked` when another server has them.
   */
  static async open(options: DataDirectoryOptions): Promise<DataDirectory> {
    const directory = new DataDirectory(options);
    try {
      for (const path of new Set([directory.logs, directory.snapshots])) {
        await directory.#makeDirectory(path, options.autocreate ?? true);
        directory.#locks.push(await options.disk.lock(`${path}/${LOCK_FILE}`));
      }
      await directory.#checkContents();
    } catch (error) {
      await directory.close();
      throw error;
    }
    return directory;
  }

  /** The log's files, oldest first. */
  async logFiles(): Promise<LogName[]> {
    const names = await this.disk.list(this.logs);
    return names.flatMap(({ name }) => logOf(name) ?? []).sort((a, b) => a.zxid - b.zxid);
  }

  /** The snapshots, newest first, whether they can be read or not. */
  async snapshotFiles(): Promise<SnapshotName[]> {
    const names = await this.disk.list(this.snapshots);
    return names.flatMap(({ name }) => snapshotOf(name) ?? []).sort((a, b) => b.zxid - a.zxid);
  }

  /** The number in the file `myid`; null when there is none. @throws StorageError as a rejection when it holds no number. */
  async readMyId(): Promise<number | null> {
    const path = `${this.root}/myid`;
    const text = await readText(this.disk, path, MYID_BYTES_MAX);
    if (text === null) return null;
    const trimmed = text.trim();
    if (!/^\d{1,15}$/.test(trimmed)) {
      throw new StorageError(path, `'${trimmed}' is no server's number`, 'write the N of its server.N line into it');
    }
    return Number(trimmed);
  }

  /** Whether the file `initialize` allows the server to begin with an empty tree; it is removed by that. */
  async takeInitialize(): Promise<boolean> {
    try {
      await this.disk.remove(`${this.root}/initialize`);
    } catch (error) {
      if (error instanceof DiskError && error.code === 'not-found') return false;
      throw error;
    }
    await this.disk.syncDirectory(this.root);
    return true;
  }

  /** How many bytes the files of both directories have. */
  async sizes(): Promise<{ readonly dataBytes: number; readonly logBytes: number }> {
    const [dataBytes, logBytes] = await Promise.all([this.#bytesIn(this.snapshots), this.#bytesIn(this.logs)]);
    return { dataBytes, logBytes };
  }

  /** Gives the locks up. */
  async close(): Promise<void> {
    for (const lock of this.#locks.splice(0)) await lock.release();
  }

  async #bytesIn(path: string): Promise<number> {
    const names = await this.disk.list(path);
    const sizes = await Promise.all(
      names.map(async ({ name }) => (await this.disk.stat(`${path}/${name}`))?.size ?? 0),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Makes a directory so that a power failure cannot take it away again, with all that will be in it. */
  async #makeDirectory(path: string, autocreate: boolean): Promise<void> {
    if (!autocreate && (await this.disk.stat(path)) === undefined) {
      throw new StorageError(
        path,
        'the directory is missing, and zookeeper.datadir.autocreate is false',
        'make it, or mount what should be there',
      );
    }
    await this.disk.makeDirectory(path);
    const names = path.split('/');
    for (let depth = names.length - 1; depth >= 1; depth--) {
      try {
        await this.disk.syncDirectory(names.slice(0, depth).join('/') || '/');
      } catch (error) {
        // What we may not open we have not made either.
        if (!(error instanceof DiskError && error.code === 'not-permitted')) throw error;
      }
    }
  }

  async #checkContents(): Promise<void> {
    if (this.logs === this.snapshots) return;
    const remedy = 'see whether dataDir and dataLogDir are what they were when the files were written';
    const among = async (path: string, prefix: string): Promise<string | undefined> =>
      (await this.disk.list(path)).find(({ name }) => name.startsWith(prefix))?.name;
    const snapshot = await among(this.logs, 'snapshot.');
    if (snapshot !== undefined) throw new StorageError(this.logs, `${snapshot} lies in the log's directory`, remedy);
    const log = await among(this.snapshots, 'log.');
    if (log !== undefined) throw new StorageError(this.snapshots, `${log} lies in the snapshots' directory`, remedy);
  }
}

/** A small file as text; null when there is none. */
export async function readText(disk: Disk, path: string, bytesMax: number): Promise<string | null> {
  try {
    return new TextDecoder().decode(await disk.readWhole(path, bytesMax));
  } catch (error) {
    if (error instanceof DiskError && error.code === 'not-found') return null;
    throw error;
  }
}
