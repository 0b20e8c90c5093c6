import { assert } from '@biquorum/std';
import type { DiskFile } from '../disk.ts';
import { DiskError, type DiskOperation } from '../disk-error.ts';
import type { DiskSession } from './disk-session.ts';
import type { MemoryInode } from './memory-inode.ts';

/** An open file of a memory disk. */
export class MemoryFile implements DiskFile {
  readonly path: string;
  readonly #session: DiskSession;
  readonly #file: MemoryInode;
  readonly #writable: boolean;
  #inFlight = 0;
  #onIdle: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  #spoiled: DiskError | undefined;

  constructor(session: DiskSession, path: string, file: MemoryInode, writable: boolean) {
    this.path = path;
    this.#session = session;
    this.#file = file;
    this.#writable = writable;
  }

  size(): number {
    this.#checkOpen('size');
    this.#session.begin('size', this.path);
    return this.#file.cached.size;
  }

  write(position: number, chunks: readonly Uint8Array[]): void {
    this.#checkWritable('write');
    checkPosition(position);
    this.#session.begin('write', this.path);
    // One write of the system, so that the parts of a gathered one are torn like those of a single one.
    this.#session.write(this.#file, position, joined(chunks), 'write', this.path);
  }

  readSync(position: number, into: Uint8Array): number {
    this.#checkOpen('read');
    checkPosition(position);
    this.#session.begin('read', this.path);
    return this.#file.cached.read(position, into);
  }

  async read(position: number, into: Uint8Array): Promise<number> {
    this.#checkOpen('read');
    checkPosition(position);
    return this.#run('read', () => this.#file.cached.read(position, into));
  }

  async sync(): Promise<void> {
    this.#checkOpen('sync');
    if (this.#spoiled !== undefined) throw this.#spoiled;
    const upTo = this.#file.changes;
    try {
      await this.#run('sync', () => this.#file.sync(upTo));
    } catch (error) {
      if (error instanceof DiskError) this.#spoiled ??= error;
      throw error;
    }
  }

  async truncate(size: number): Promise<void> {
    this.#checkWritable('truncate');
    checkPosition(size);
    await this.#run('truncate', () => {
      this.#session.disk.usedBytes += size - this.#file.cached.size;
      this.#file.resize(size);
      this.#file.modifiedMs = this.#session.wallMs();
    });
  }

  async allocate(size: number): Promise<void> {
    this.#checkWritable('allocate');
    checkPosition(size);
    await this.#run('allocate', () => {
      for (let position = this.#file.cached.size; position < size; position += ZEROS.length) {
        const zeros = ZEROS.subarray(0, Math.min(ZEROS.length, size - position));
        this.#session.write(this.#file, position, zeros, 'allocate', this.path);
      }
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await this.#session.later('close', this.path, () => {
      this.#file.handles--;
      this.#session.disk.openFiles--;
      this.#session.freeUnused(this.#file);
    });
  }

  async #run<Result>(operation: DiskOperation, effect: () => Result): Promise<Result> {
    this.#inFlight++;
    try {
      return await this.#session.later(operation, this.path, effect);
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) this.#onIdle?.();
    }
  }

  #checkOpen(operation: DiskOperation): void {
    if (this.#closing !== undefined) throw new DiskError('closed', { operation, path: this.path });
  }

  #checkWritable(operation: DiskOperation): void {
    this.#checkOpen(operation);
    if (!this.#writable) throw new DiskError('read-only', { operation, path: this.path });
  }
}

const ZEROS: Uint8Array = new Uint8Array(64 * 1_024);

function checkPosition(position: number): void {
  assert(Number.isSafeInteger(position) && position >= 0, () => `position ${position} in a file is not a whole number`);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    whole.set(chunk, position);
    position += chunk.length;
  }
  return whole;
}
