import type { Entry, Position, Restored, StorageEvents, Write } from '@biquorum/consensus';
import type { Ports } from '@biquorum/platform';
import { ByteReader } from '@biquorum/std';
import { loggedTxn, type Zxid } from '@biquorum/zookeeper-wire';
import type { Epochs } from '../../../src/storage/epoch-files.ts';
import { transaction } from '../../../src/storage/log-index.ts';
import { type StorageOptions, storageOptions } from '../../../src/storage/storage-options.ts';
import { ZabStorage } from '../../../src/storage/zab-storage.ts';
import { DATA } from './log.ts';
import { type Made, State } from './state.ts';

/** A storage whose writes can be awaited, over a state to which transactions are applied by hand. */
export class Opened {
  readonly state: State = new State();
  readonly storage: ZabStorage;
  #nextWrite = 1;
  readonly #waiting: Map<number, () => void> = new Map();
  onSnapshotWritten: (id: Position) => void = () => {};
  onInstalled: (context: Uint8Array | null) => void = () => {};
  failure: unknown = null;

  constructor(ports: Ports, options: Partial<StorageOptions> = {}) {
    const all = storageOptions({ dataDir: DATA, preAllocBytes: 4096, cacheBytes: 1_000, ...options });
    this.storage = new ZabStorage(all, ports, this.state);
  }

  /** Opens it, and loads the snapshot as the driver does. */
  async open(): Promise<Restored<Epochs>> {
    const events: StorageEvents = {
      // The last stands for all before it.
      written: (write) => {
        for (const [id, resolve] of this.#waiting) if (id <= write && this.#waiting.delete(id)) resolve();
      },
      snapshotWritten: (id) => this.onSnapshotWritten(id),
      snapshotInstalled: (_id, _size, context) => this.onInstalled(context),
      failed: (error) => {
        this.failure = error;
      },
    };
    const restored = await this.storage.open(events);
    if (restored.snapshot !== null) await this.storage.loadSnapshot(restored.snapshot.id);
    this.state.lastZxid = restored.snapshot === null ? 0 : Math.max(0, restored.snapshot.id.index - 1);
    return { ...restored, entries: [...restored.entries] };
  }

  /** Starts a write. @returns When it is on the disk. */
  write(parts: Omit<Write<Epochs>, 'id'>): Promise<void> {
    const id = this.#nextWrite++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.storage.write({ id, ...parts });
      this.storage.flush();
    });
  }

  read(from: number, upTo: number, bytesMax = 1_000_000): Promise<readonly Entry[] | null> {
    return new Promise((resolve) =>
      this.storage.readEntries(from, upTo, bytesMax, (filling) =>
        resolve(filling.kind === 'entries' ? filling.entries : null),
      ),
    );
  }

  /** Applies what the log holds up to a transaction, as the driver does with what is committed. */
  async applyUpTo(zxid: Zxid): Promise<void> {
    if (zxid <= this.state.lastZxid) return;
    for (let from = cutIndex(this.state.lastZxid); from <= zxid; ) {
      const entries = await this.read(from, zxid + 1);
      if (entries === null || entries.length === 0) throw new Error(`no entry starts at ${from}`);
      for (const { kind, payload, index, span } of entries) {
        if (kind === 'data') this.state.apply(loggedTxn.read(new ByteReader(payload.slice())));
        from = index + span;
      }
    }
  }

  snapshot(id: Position): Promise<void> {
    return new Promise((resolve) => {
      this.onSnapshotWritten = () => resolve();
      this.storage.writeSnapshot(id, new Uint8Array(0), new Uint8Array(0));
    });
  }

  /** The body of a snapshot as it is sent. */
  async send(id: Position, bytesMax = 1_000): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let position = 0, size = 1; position < size; ) {
      const piece = await new Promise<{ size: number; bytes: Uint8Array }>((resolve, reject) =>
        this.storage.readSnapshot(id, position, bytesMax, (filling) =>
          filling.kind === 'snapshot' ? resolve(filling) : reject(new Error(filling.kind)),
        ),
      );
      pieces.push(piece.bytes);
      position += piece.bytes.length;
      size = piece.size;
    }
    return Buffer.concat(pieces);
  }

  /** Receives a snapshot. @returns Whether it was whole. */
  receive(id: Position, body: Uint8Array, pieceBytes = 1_000): Promise<boolean> {
    for (let at = 0; at < body.length; at += pieceBytes) {
      this.storage.receiveSnapshot(id, at, body.subarray(at, at + pieceBytes));
    }
    return new Promise((resolve) => {
      this.onInstalled = (context) => resolve(context !== null);
      this.storage.installSnapshot(id, body.length);
    });
  }
}

/** The index at which what follows a transaction begins. */
export function cutIndex(zxid: Zxid): number {
  return zxid === 0 ? 0 : zxid + 1;
}

/** Transactions as entries behind `end`, with the jumps between epochs, as the engine makes them. */
export function entriesOf(made: readonly Made[], end: number): Entry[] {
  const entries: Entry[] = [];
  let index = end;
  for (const { zxid, payload } of made) {
    const epoch = Math.floor(zxid / 2 ** 32);
    if (zxid !== index) {
      entries.push({ index, span: zxid - index, epoch, kind: 'control', payload: new Uint8Array(0) });
    }
    entries.push(transaction(zxid, payload));
    index = zxid + 1;
  }
  return entries;
}
