import { crc32c } from '@biquorum/std';
import { DiskError, type DiskOperation } from '../disk-error.ts';
import type { DiskState } from './disk-state.ts';
import type { HostLoop } from './host-loop.ts';
import type { MemoryInode } from './memory-inode.ts';

/** One process's use of a disk: what all its operations have in common. */
export class DiskSession {
  readonly disk: DiskState;
  readonly loop: HostLoop;
  readonly wallMs: () => number;

  constructor(disk: DiskState, loop: HostLoop, wallMs: () => number) {
    this.disk = disk;
    this.loop = loop;
    this.wallMs = wallMs;
  }

  /** Begins a step. @throws HostStopped or, when the step is to fail, DiskError. */
  begin(operation: DiskOperation, path: string): void {
    this.loop.check();
    const interruption = this.disk.beginStep(operation, path);
    if (interruption === undefined) return;
    if (interruption.kind === 'fail') throw new DiskError(interruption.code, { operation, path });
    interruption.halt();
    this.loop.check();
  }

  /** An asynchronous step: begins now, takes effect when its time has passed. A stopped process never hears of it. */
  later<Result>(operation: DiskOperation, path: string, effect: () => Result): Promise<Result> {
    const latencyMs = this.disk.drawLatencyMs(operation, path);
    try {
      this.begin(operation, path);
    } catch (error) {
      if (this.loop.stopped) return new Promise(() => {});
      return this.loop.finish(latencyMs, () => {
        throw error;
      });
    }
    return this.loop.finish(latencyMs, effect);
  }

  /** Writes as much as there is room for. @throws DiskError `no-space` after that. */
  write(file: MemoryInode, position: number, bytes: Uint8Array, operation: DiskOperation, path: string): void {
    const before = file.cached.size;
    const room = Math.max(0, this.disk.capacityBytes - this.disk.usedBytes);
    const end = Math.min(position + bytes.length, Math.max(before, Math.min(before, position) + room));
    const fitting = Math.max(0, end - position);
    if (fitting > 0) {
      file.write(position, fitting === bytes.length ? bytes : bytes.subarray(0, fitting));
      file.modifiedMs = this.wallMs();
      this.disk.usedBytes += file.cached.size - before;
      this.loop.time.note(crc32c(bytes));
    }
    if (fitting < bytes.length) throw new DiskError('no-space', { operation, path });
  }

  /** Gives the room of a file back once neither a name nor a handle leads to it. */
  freeUnused(file: MemoryInode | undefined): void {
    if (file !== undefined && file.names === 0 && file.handles === 0) this.disk.usedBytes -= file.cached.size;
  }
}
