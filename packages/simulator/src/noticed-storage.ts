import type { EngineStorage, Filling, Position, Restored, StorageEvents, Write } from '@biquorum/consensus';

/** A storage that tells when a call may leave promises with reactions to run. */
export class NoticedStorage<Durable> implements EngineStorage<Durable> {
  readonly #inner: EngineStorage<Durable>;
  readonly #promised: () => void;

  constructor(inner: EngineStorage<Durable>, promised: () => void) {
    this.#inner = inner;
    this.#promised = promised;
  }

  open(events: StorageEvents): Promise<Restored<Durable>> {
    this.#promised();
    return this.#inner.open(events);
  }

  /** Starts a sync, whose end is known from its latency. */
  write(write: Write<Durable>): void {
    this.#inner.write(write);
  }

  flush(): void {
    this.#inner.flush();
  }

  readEntries(from: number, upTo: number, bytesMax: number, done: (filling: Filling) => void): void {
    let answered = false;
    this.#inner.readEntries(from, upTo, bytesMax, (filling) => {
      answered = true;
      done(filling);
    });
    if (!answered) this.#promised();
  }

  readSnapshot(id: Position, position: number, bytesMax: number, done: (filling: Filling) => void): void {
    this.#promised();
    this.#inner.readSnapshot(id, position, bytesMax, done);
  }

  loadSnapshot(id: Position): Promise<Uint8Array> {
    this.#promised();
    return this.#inner.loadSnapshot(id);
  }

  writeSnapshot(id: Position, context: Uint8Array, state: Uint8Array): void {
    this.#promised();
    this.#inner.writeSnapshot(id, context, state);
  }

  receiveSnapshot(id: Position, position: number, bytes: Uint8Array): void {
    this.#inner.receiveSnapshot(id, position, bytes);
  }

  installSnapshot(id: Position, size: number): void {
    this.#promised();
    this.#inner.installSnapshot(id, size);
  }

  close(): Promise<void> {
    this.#promised();
    return this.#inner.close();
  }
}
