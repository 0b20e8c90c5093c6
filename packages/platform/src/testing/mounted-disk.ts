import type { DirectoryEntry, Disk, DiskFile, DiskLock, DiskSpace, FileStatus, OpenMode } from '../disk.ts';
import { DiskError } from '../disk-error.ts';
import type { DiskSession } from './disk-session.ts';
import { MemoryFile } from './memory-file.ts';
import type { MemoryInode } from './memory-inode.ts';

/** A memory disk as a process sees it. */
export class MountedDisk implements Disk {
  readonly #session: DiskSession;

  constructor(session: DiskSession) {
    this.#session = session;
  }

  open(path: string, mode: OpenMode): DiskFile {
    const session = this.#session;
    session.begin('open', path);
    const { disk } = session;
    if (disk.openFiles >= disk.openFilesMax) throw new DiskError('too-many-open-files', { operation: 'open', path });
    const file = this.#fileFor(path, mode);
    file.handles++;
    disk.openFiles++;
    return new MemoryFile(session, path, file, mode !== 'read');
  }

  list(path: string): Promise<DirectoryEntry[]> {
    return this.#later('list', path, (): DirectoryEntry[] => {
      const { cached } = this.#session.disk.tree.directory(path, 'list');
      const names = [...cached.keys()].sort((a, b) => (a < b ? -1 : 1));
      return names.map((name) => ({ name, kind: cached.get(name)?.kind ?? 'other' }));
    });
  }

  stat(path: string): Promise<FileStatus | undefined> {
    return this.#later('stat', path, (): FileStatus | undefined => {
      const node = this.#session.disk.tree.find(path);
      if (node === undefined) return undefined;
      const { kind, modifiedMs } = node;
      return { kind, modifiedMs, size: node.kind === 'file' ? node.cached.size : 0 };
    });
  }

  makeDirectory(path: string): Promise<void> {
    return this.#later('makeDirectory', path, () =>
      this.#session.disk.tree.makeDirectory(path, this.#session.wallMs()),
    );
  }

  remove(path: string): Promise<void> {
    return this.#later('remove', path, () => this.#session.freeUnused(this.#session.disk.tree.remove(path, 'remove')));
  }

  removeTree(path: string): Promise<void> {
    return this.#later('removeTree', path, () => this.#removeTree(path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#later('rename', from, () => this.#session.freeUnused(this.#session.disk.tree.rename(from, to)));
  }

  setModified(path: string, modifiedMs: number): Promise<void> {
    return this.#later('setModified', path, () => {
      const node = this.#session.disk.tree.find(path);
      if (node === undefined) throw new DiskError('not-found', { operation: 'setModified', path });
      node.modifiedMs = modifiedMs;
    });
  }

  syncDirectory(path: string): Promise<void> {
    return this.#later('syncDirectory', path, () => {
      const { tree } = this.#session.disk;
      tree.sync(tree.directory(path, 'syncDirectory'));
    });
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const session = this.#session;
    const { disk } = session;
    const temporary = `${path}.tmp`;
    const directory = path.slice(0, path.lastIndexOf('/')) || '/';
    const file = await this.#later('replace', path, () => {
      if (disk.tree.find(path)?.kind === 'directory')
        throw new DiskError('is-directory', { operation: 'replace', path });
      const made = disk.tree.find(temporary) ?? disk.tree.createFile(temporary, 'replace', session.wallMs());
      if (made.kind === 'directory') throw new DiskError('is-directory', { operation: 'replace', path: temporary });
      disk.usedBytes -= made.cached.size;
      made.resize(0);
      return made;
    });
    try {
      await this.#later('replace', path, () => session.write(file, 0, bytes, 'replace', path));
      await this.#later('replace', path, () => file.sync(file.changes));
      await this.#later('replace', path, () => session.freeUnused(disk.tree.rename(temporary, path)));
    } catch (error) {
      await this.remove(temporary);
      throw error;
    }
    await this.#later('replace', path, () => disk.tree.sync(disk.tree.directory(directory, 'replace')));
  }

  readWhole(path: string, bytesMax: number): Promise<Uint8Array> {
    return this.#later('readWhole', path, () => {
      const { cached } = this.#session.disk.tree.file(path, 'readWhole');
      if (cached.size > bytesMax) {
        const detail = `${cached.size} bytes, more than the ${bytesMax} allowed; raise the bound if the file is meant to be so long`;
        throw new DiskError('too-large', { operation: 'readWhole', path, detail });
      }
      return cached.readAll();
    });
  }

  space(path: string): Promise<DiskSpace> {
    return this.#later('space', path, () => {
      const { disk } = this.#session;
      if (disk.tree.find(path) === undefined) throw new DiskError('not-found', { operation: 'space', path });
      const { capacityBytes, usedBytes } = disk;
      return { totalBytes: capacityBytes, availableBytes: Math.max(0, capacityBytes - usedBytes) };
    });
  }

  lock(path: string): Promise<DiskLock> {
    return this.#later('lock', path, () => {
      const { disk, wallMs } = this.#session;
      const node = disk.tree.find(path);
      if (node?.kind === 'directory') throw new DiskError('is-directory', { operation: 'lock', path });
      if (node === undefined) disk.tree.createFile(path, 'lock', wallMs());
      if (disk.locks.has(path)) throw new DiskError('locked', { operation: 'lock', path });
      const lock: DiskLock = {
        release: () => {
          if (disk.locks.get(path) === lock) disk.locks.delete(path);
          return Promise.resolve();
        },
      };
      disk.locks.set(path, lock);
      return lock;
    });
  }

  #later<Result>(operation: Parameters<DiskSession['later']>[0], path: string, effect: () => Result): Promise<Result> {
    return this.#session.later(operation, path, effect);
  }

  #fileFor(path: string, mode: OpenMode): MemoryInode {
    const { tree } = this.#session.disk;
    if (mode === 'read' || mode === 'write') return tree.file(path, 'open');
    if (tree.find(path) === undefined) return tree.createFile(path, 'open', this.#session.wallMs());
    if (mode === 'create-new') throw new DiskError('exists', { operation: 'open', path });
    return tree.file(path, 'open');
  }

  #removeTree(path: string): void {
    const { tree } = this.#session.disk;
    const node = tree.find(path);
    if (node === undefined) return;
    if (node.kind === 'directory') {
      for (const name of [...node.cached.keys()].sort()) this.#removeTree(`${path}/${name}`);
    }
    this.#session.freeUnused(tree.remove(path, 'removeTree'));
  }
}
