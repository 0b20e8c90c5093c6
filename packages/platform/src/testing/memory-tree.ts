import { assert, type Prng } from '@biquorum/std';
import { DiskError, type DiskErrorCode, type DiskOperation } from '../disk-error.ts';
import { MemoryInode, type UnsyncedFate } from './memory-inode.ts';
import { MemoryDirectory, type MemoryNode, NameJournal } from './name-journal.ts';

/** The names of a file system and what they lead to. Operations are immediate, and follow POSIX. */
export class MemoryTree {
  #root = new MemoryDirectory();
  #journal = new NameJournal();

  /** What stands at a path. */
  find(path: string): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.#root;
    for (const name of namesOf(path)) node = node?.kind === 'directory' ? node.cached.get(name) : undefined;
    return node;
  }

  /** @throws DiskError `not-found`, `not-a-directory`. */
  directory(path: string, operation: DiskOperation): MemoryDirectory {
    let node: MemoryNode | undefined = this.#root;
    for (const name of namesOf(path)) {
      if (node.kind !== 'directory') throw fault('not-a-directory', operation, path);
      node = node.cached.get(name);
      if (node === undefined) throw fault('not-found', operation, path);
    }
    if (node.kind !== 'directory') throw fault('not-a-directory', operation, path);
    return node;
  }

  /** @throws DiskError `not-found`, `not-a-directory`, `is-directory`. */
  file(path: string, operation: DiskOperation): MemoryInode {
    const node = this.#place(path, operation).node;
    if (node === undefined) throw fault('not-found', operation, path);
    if (node.kind === 'directory') throw fault('is-directory', operation, path);
    return node;
  }

  /** Makes an empty file under a name that is free. */
  createFile(path: string, operation: DiskOperation, modifiedMs: number): MemoryInode {
    const { directory, name } = this.#place(path, operation);
    const node = new MemoryInode();
    node.modifiedMs = modifiedMs;
    node.names = 1;
    this.#journal.change([{ directory, name, node }]);
    return node;
  }

  /** Makes a directory and those above it. */
  makeDirectory(path: string, modifiedMs: number): void {
    let directory = this.#root;
    const names = namesOf(path);
    for (const [index, name] of names.entries()) {
      const there = directory.cached.get(name);
      if (there?.kind === 'file') {
        throw fault(index === names.length - 1 ? 'exists' : 'not-a-directory', 'makeDirectory', path);
      }
      const node = there ?? new MemoryDirectory();
      if (there === undefined) {
        node.modifiedMs = modifiedMs;
        this.#journal.change([{ directory, name, node }]);
      }
      directory = node;
    }
  }

  /** Removes a file or an empty directory. @returns The file that lost this name. */
  remove(path: string, operation: DiskOperation): MemoryInode | undefined {
    const { directory, name, node } = this.#place(path, operation);
    if (node === undefined) throw fault('not-found', operation, path);
    if (node.kind === 'directory' && node.cached.size > 0) throw fault('not-empty', operation, path);
    this.#journal.change([{ directory, name, node: undefined }]);
    if (node.kind === 'directory') return undefined;
    node.names--;
    return node;
  }

  /** Moves a name. @returns The file that was replaced and lost its name. */
  rename(from: string, to: string): MemoryInode | undefined {
    const source = this.#place(from, 'rename');
    const target = this.#place(to, 'rename');
    const { node } = source;
    if (node === undefined) throw fault('not-found', 'rename', from);
    if (node === target.node) return undefined;
    if (node.kind === 'directory' && `${to}/`.startsWith(`${from}/`)) {
      throw fault('io', 'rename', from, `cannot become part of itself at ${to}`);
    }
    // A directory on the way to the source is in the way, and not empty.
    if (`${from}/`.startsWith(`${to}/`)) throw fault('not-empty', 'rename', from);
    const replaced = target.node;
    if (replaced !== undefined) checkReplaceable(node, replaced, from);
    this.#journal.change([
      { directory: source.directory, name: source.name, node: undefined },
      { directory: target.directory, name: target.name, node },
    ]);
    if (replaced?.kind !== 'file') return undefined;
    replaced.names--;
    return replaced;
  }

  /** Makes the names in a directory durable. */
  sync(directory: MemoryDirectory): void {
    this.#journal.sync(directory);
  }

  /** The power fails: what the device holds is all that remains. */
  crash(prng: Prng, fate: UnsyncedFate): void {
    this.#journal.crash(prng, fate);
    const seen = new Set<MemoryInode>();
    const restore = (directory: MemoryDirectory): void => {
      directory.cached = new Map(directory.device);
      // In the order of the names: the order of a map tells of a past that is lost.
      for (const [, node] of [...directory.cached].sort(byKey)) {
        if (node.kind === 'directory') restore(node);
        else {
          if (!seen.has(node)) {
            node.crash(prng, fate);
            node.names = 0;
            seen.add(node);
          }
          node.names++;
        }
      }
    };
    restore(this.#root);
  }

  /** Every file with its path, sorted by path. */
  files(): [path: string, file: MemoryInode][] {
    const found: [string, MemoryInode][] = [];
    const visit = (directory: MemoryDirectory, prefix: string): void => {
      for (const [name, node] of directory.cached) {
        if (node.kind === 'directory') visit(node, `${prefix}${name}/`);
        else found.push([prefix + name, node]);
      }
    };
    visit(this.#root, '/');
    return found.sort(byKey);
  }

  /** A copy, of what is cached and of what is durable, that changes apart from here on. */
  fork(): MemoryTree {
    const copies = new Map<MemoryNode, MemoryNode>();
    const copy = (node: MemoryNode): MemoryNode => {
      const known = copies.get(node);
      if (known !== undefined) return known;
      const fork = node.kind === 'file' ? node.fork() : new MemoryDirectory();
      copies.set(node, fork);
      if (node.kind === 'directory' && fork.kind === 'directory') {
        fork.modifiedMs = node.modifiedMs;
        for (const [name, inner] of node.cached) fork.cached.set(name, copy(inner));
        for (const [name, inner] of node.device) fork.device.set(name, copy(inner));
      }
      return fork;
    };
    const fork = new MemoryTree();
    fork.#root = copy(this.#root) as MemoryDirectory;
    for (const node of this.#journal.nodes()) copy(node);
    fork.#journal = this.#journal.fork(copies);
    return fork;
  }

  /** Where a path stands or would stand. */
  #place(path: string, operation: DiskOperation): Place {
    const names = namesOf(path);
    const name = names.at(-1);
    if (name === undefined) throw fault('is-directory', operation, path);
    let directory: MemoryNode | undefined = this.#root;
    for (const above of names.slice(0, -1)) {
      directory = directory.cached.get(above);
      if (directory === undefined) throw fault('not-found', operation, path);
      if (directory.kind !== 'directory') throw fault('not-a-directory', operation, path);
    }
    return { directory, name, node: directory.cached.get(name) };
  }
}

interface Place {
  readonly directory: MemoryDirectory;
  readonly name: string;
  readonly node: MemoryNode | undefined;
}

function namesOf(path: string): string[] {
  assert(path.startsWith('/'), () => `path ${path} is not absolute; begin it with /`);
  const names = path.split('/').filter((name) => name !== '');
  assert(!names.includes('.') && !names.includes('..'), () => `path ${path} has . or .. in it; write it out`);
  return names;
}

function checkReplaceable(node: MemoryNode, replaced: MemoryNode, path: string): void {
  if (node.kind === 'file') {
    if (replaced.kind === 'directory') throw fault('is-directory', 'rename', path);
  } else {
    if (replaced.kind === 'file') throw fault('not-a-directory', 'rename', path);
    if (replaced.cached.size > 0) throw fault('not-empty', 'rename', path);
  }
}

function fault(code: DiskErrorCode, operation: DiskOperation, path: string, detail?: string): DiskError {
  return new DiskError(code, detail === undefined ? { operation, path } : { operation, path, detail });
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
