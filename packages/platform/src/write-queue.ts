import { Queue } from '@biquorum/std';
import type { WriteDone } from './network.ts';
import type { NetworkError } from './network-error.ts';

/** A write that has been accepted and whose bytes are not yet the caller's again. */
export interface PendingWrite {
  readonly bytes: number;
  readonly done: WriteDone | undefined;
  settled: boolean;
  error: NetworkError | undefined;
}

/**
 * The outstanding `done` callbacks of a connection. Invariant: each is called exactly once and in the order of the
 * writes, in whatever order they settle.
 */
export class WriteQueue {
  readonly #writes = new Queue<PendingWrite>();
  #bytes = 0;

  /** Bytes of the writes that have not settled. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether every `done` has been called. */
  get idle(): boolean {
    return this.#writes.size === 0;
  }

  add(bytes: number, done: WriteDone | undefined): PendingWrite {
    const write: PendingWrite = { bytes, done, settled: false, error: undefined };
    this.#writes.push(write);
    this.#bytes += bytes;
    return write;
  }

  /** The system has the bytes, or will never have them. Does nothing the second time. */
  settle(write: PendingWrite, error: NetworkError | undefined): void {
    if (write.settled) return;
    write.settled = true;
    write.error = error;
    this.#bytes -= write.bytes;
    this.#report();
  }

  /** Nothing more will be sent. */
  settleAll(error: NetworkError): void {
    for (const write of this.#writes) {
      if (write.settled) continue;
      write.settled = true;
      write.error = error;
    }
    this.#bytes = 0;
    this.#report();
  }

  #report(): void {
    while (this.#writes.peek()?.settled) {
      const { done, error } = this.#writes.shift() as PendingWrite;
      done?.(error);
    }
  }
}
