import fs from 'node:fs';
import { assert } from '@biquorum/std';
import type { DiskFile, OpenMode } from '../disk.ts';
import { DiskError, type DiskOperation } from '../disk-error.ts';
import { attempt, diskError, promised, systemCode } from './disk-fault.ts';

/** Opens a file. @throws DiskError */
export function openNodeFile(path: string, mode: OpenMode): NodeFile {
  const fd = attempt('open', path, () => fs.openSync(path, flags[mode]));
  // POSIX opens a directory for reading without a murmur.
  if (mode === 'read' && attempt('open', path, () => fs.fstatSync(fd)).isDirectory()) {
    fs.closeSync(fd);
    throw new DiskError('is-directory', { operation: 'open', path });
  }
  return new NodeFile(path, fd, mode !== 'read');
}

const { O_CREAT, O_EXCL, O_RDONLY, O_RDWR } = fs.constants;

const flags: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY,
  write: O_RDWR,
  create: O_RDWR | O_CREAT,
  'create-new': O_RDWR | O_CREAT | O_EXCL,
};

/** A file of the operating system. */
export class NodeFile implements DiskFile {
  readonly path: string;
  readonly #fd: number;
  readonly #writable: boolean;
  /** Asynchronous operations that use the descriptor. */
  #inFlight = 0;
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;
  #spoiled: DiskError | undefined;

  constructor(path: string, fd: number, writable: boolean) {
    this.path = path;
    this.#fd = fd;
    this.#writable = writable;
  }

  size(): number {
    this.#checkOpen('size');
    return attempt('size', this.path, () => fs.fstatSync(this.#fd).size);
  }

  write(position: number, chunks: readonly Uint8Array[]): void {
    this.#checkWritable('write');
    checkPosition(position);
    try {
      if (chunks.length === 1) writeChunk(this.#fd, chunks[0] as Uint8Array, position);
      else if (chunks.length > 1) writeChunks(this.#fd, chunks, position);
    } catch (cause) {
      throw diskError(cause, 'write', this.path);
    }
  }

  readSync(position: number, into: Uint8Array): number {
    this.#checkOpen('read');
    checkPosition(position);
    let filled = 0;
    while (filled < into.length) {
      let count: number;
      try {
        count = fs.readSync(this.#fd, into, filled, into.length - filled, position + filled);
      } catch (cause) {
        if (systemCode(cause) === 'EINTR') continue;
        throw diskError(cause, 'read', this.path);
      }
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  read(position: number, into: Uint8Array): Promise<number> {
    return this.#run('read', (callback: (cause: unknown, filled?: number) => void) => {
      checkPosition(position);
      readFully(this.#fd, position, into, 0, callback);
    });
  }

  async sync(): Promise<void> {
    if (this.#spoiled !== undefined) throw this.#spoiled;
    try {
      await this.#run<void>('sync', (callback) => fs.fdatasync(this.#fd, callback));
    } catch (error) {
      if (error instanceof DiskError && error.code !== 'closed') this.#spoiled ??= error;
      throw error;
    }
  }

  truncate(size: number): Promise<void> {
    return this.#run('truncate', (callback) => {
      this.#checkWritable('truncate');
      checkPosition(size);
      fs.ftruncate(this.#fd, size, callback);
    });
  }

  async allocate(size: number): Promise<void> {
    this.#checkWritable('allocate');
    checkPosition(size);
    for (let position = this.size(); position < size; ) {
      const zeros = size - position >= ZEROS.length ? ZEROS : ZEROS.subarray(0, size - position);
      const at = position;
      position += await this.#run<number>('allocate', (callback) =>
        fs.write(this.#fd, zeros, 0, zeros.length, at, callback),
      );
    }
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
    await promised<void>('close', this.path, (callback) => fs.close(this.#fd, callback));
  }

  async #run<Result>(
    operation: DiskOperation,
    start: (callback: (cause: unknown, result?: Result) => void) => void,
  ): Promise<Result> {
    this.#checkOpen(operation);
    this.#inFlight++;
    try {
      return await promised(operation, this.path, start);
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

const ZEROS: Uint8Array = new Uint8Array(1_024 * 1_024);

function checkPosition(position: number): void {
  assert(Number.isSafeInteger(position) && position >= 0, () => `position ${position} in a file is not a whole number`);
}

/** `pwrite` may take less than it is given: on a signal, or where the disk becomes full. */
function writeChunk(fd: number, chunk: Uint8Array, position: number): void {
  let written = fs.writeSync(fd, chunk, 0, chunk.length, position);
  while (written < chunk.length) {
    written += fs.writeSync(fd, chunk, written, chunk.length - written, position + written);
  }
}

function writeChunks(fd: number, chunks: readonly Uint8Array[], position: number): void {
  let written = fs.writevSync(fd, chunks, position);
  let start = position;
  for (const chunk of chunks) {
    // Whatever the gathered write left over is written chunk by chunk.
    if (written < chunk.length) {
      writeChunk(fd, written === 0 ? chunk : chunk.subarray(written), start + written);
      written = 0;
    } else {
      written -= chunk.length;
    }
    start += chunk.length;
  }
}

function readFully(
  fd: number,
  position: number,
  into: Uint8Array,
  filled: number,
  callback: (cause: unknown, filled?: number) => void,
): void {
  if (filled === into.length) {
    callback(null, filled);
    return;
  }
  fs.read(fd, into, filled, into.length - filled, position + filled, (cause, count) => {
    if (cause !== null && systemCode(cause) !== 'EINTR') callback(cause);
    else if (cause === null && count === 0) callback(null, filled);
    else readFully(fd, position, into, filled + (cause === null ? count : 0), callback);
  });
}
