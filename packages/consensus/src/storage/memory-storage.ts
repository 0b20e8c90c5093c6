import type { Timers } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import type { Entry, Filling, Position, Restored, Write } from '../contract.ts';
import type { EngineStorage, StorageEvents } from '../ports.ts';
import { samePosition } from '../position.ts';
import { EntryTable } from './entry-table.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshot-file.ts';
import { StorageError } from './storage-error.ts';

/**
 * A log, durable state and snapshots in memory: gone with the process, kept from one `open` to the next. For tests, and
 * for clusters that may be lost as a whole.
 */
export class MemoryStorage<Durable> implements EngineStorage<Durable> {
  readonly #timers: Pick<Timers, 'soon'>;
  readonly #entries: EntryTable = new EntryTable(Number.POSITIVE_INFINITY);
  readonly #snapshots: { readonly id: Position; readonly bytes: Uint8Array }[] = [];
  #start: Position = { epoch: 0, index: 0 };
  #durable: Durable | null = null;
  #events: StorageEvents | null = null;
  #receiving: { readonly id: Position; readonly chunks: Uint8Array[]; size: number } | null = null;

  constructor(timers: Pick<Timers, 'soon'>) {
    this.#timers = timers;
  }

  async open(events: StorageEvents): Promise<Restored<Durable>> {
    this.#events = events;
    const latest = this.#snapshots.at(-1);
    const snapshot = latest === undefined ? null : decodeSnapshot(latest.bytes, latest.id);
    return {
      durable: this.#durable,
      snapshot:
        snapshot === null || latest === undefined
          ? null
          : { id: snapshot.id, context: snapshot.context, size: latest.bytes.length },
      logStart: this.#start,
      entries: [...this.#entries].map(
        ({ index, span, epoch, kind, payload }): Entry => ({
          index,
          span,
          epoch,
          kind,
          payload: payload as Uint8Array,
        }),
      ),
    };
  }

  write({ id, truncateTo, append, durable, deletePrefix }: Write<Durable>): void {
    if (truncateTo !== undefined) this.#entries.truncate(truncateTo);
    for (const entry of append ?? []) {
      this.#entries.push({ ...entry, bytes: entry.payload.length, segment: 0, position: 0 });
    }
    if (durable !== undefined) this.#durable = durable;
    if (deletePrefix !== undefined) {
      this.#start = deletePrefix;
      this.#entries.deletePrefix(deletePrefix.index);
      while ((this.#snapshots[0]?.id.index ?? Number.POSITIVE_INFINITY) < deletePrefix.index) this.#snapshots.shift();
    }
    this.#tell((events) => events.written(id));
  }

  /** Nothing waits for it here. */
  flush(): void {}

  readEntries(from: number, upTo: number, bytesMax: number, done: (filling: Filling) => void): void {
    const slots = this.#entries.range(from, upTo, bytesMax);
    if (slots === null) done({ kind: 'missing' });
    else {
      const entries = slots.map(
        ({ index, span, epoch, kind, payload }): Entry => ({
          index,
          span,
          epoch,
          kind,
          payload: payload as Uint8Array,
        }),
      );
      done({ kind: 'entries', entries });
    }
  }

  readSnapshot(id: Position, position: number, bytesMax: number, done: (filling: Filling) => void): void {
    const snapshot = this.#snapshots.find((held) => samePosition(held.id, id));
    if (snapshot === undefined) done({ kind: 'missing' });
    else {
      const bytes = snapshot.bytes.subarray(position, position + bytesMax);
      done({ kind: 'snapshot', size: snapshot.bytes.length, bytes });
    }
  }

  async loadSnapshot(id: Position): Promise<Uint8Array> {
    const held = this.#snapshots.find((snapshot) => samePosition(snapshot.id, id));
    const snapshot = held === undefined ? null : decodeSnapshot(held.bytes, id);
    if (snapshot === null) throw new StorageError('memory', `there is no snapshot at ${id.index}`);
    return snapshot.state;
  }

  writeSnapshot(id: Position, context: Uint8Array, state: Uint8Array): void {
    const bytes = encodeSnapshot({ id, context, state }).slice();
    this.#keep(id, bytes);
    this.#tell((events) => events.snapshotWritten(id, bytes.length));
  }

  receiveSnapshot(id: Position, position: number, bytes: Uint8Array): void {
    if (position === 0) this.#receiving = { id, chunks: [], size: 0 };
    const receiving = this.#receiving;
    assert(
      receiving !== null && samePosition(receiving.id, id) && receiving.size === position,
      () => `snapshot bytes at ${position} leave a gap`,
    );
    receiving.chunks.push(bytes.slice());
    receiving.size += bytes.length;
  }

  installSnapshot(id: Position, size: number): void {
    const receiving = this.#receiving;
    this.#receiving = null;
    assert(receiving !== null && receiving.size === size, () => `snapshot of ${size} bytes is not all there`);
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const chunk of receiving.chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    const snapshot = decodeSnapshot(bytes, id);
    if (snapshot !== null) {
      this.#entries.clear();
      this.#start = id;
      this.#snapshots.length = 0;
      this.#keep(id, bytes);
    }
    const context = snapshot?.context ?? null;
    this.#tell((events) => events.snapshotInstalled(id, size, context));
  }

  async close(): Promise<void> {
    this.#events = null;
  }

  #keep(id: Position, bytes: Uint8Array): void {
    this.#snapshots.push({ id, bytes });
    this.#snapshots.sort((a, b) => a.id.index - b.id.index);
  }

  #tell(tell: (events: StorageEvents) => void): void {
    const events = this.#events;
    if (events === null) return;
    this.#timers.soon(() => {
      if (this.#events === events) tell(events);
    });
  }
}
