import type { Entry, Position, Restored, Write, WriteId } from '@biquorum/consensus';
import type { Epochs } from '@biquorum/zab';

interface Contents {
  entries: Entry[];
  start: Position;
  durable: Epochs | null;
}

/** A server's disk: what was written, and what of it would survive a power failure. */
export class Disk {
  #memory: Contents = { entries: [], start: { epoch: 0, index: 0 }, durable: null };
  #platter: Contents = { entries: [], start: { epoch: 0, index: 0 }, durable: null };
  readonly #pending: Write<Epochs>[] = [];
  /** How many of them are on the platter already, because a snapshot came behind them. */
  #applied = 0;
  #written: WriteId = 0;
  #waiting: { readonly after: WriteId; readonly run: () => void }[] = [];
  snapshot: { readonly id: Position; readonly state: readonly string[] } | null = null;
  #received: Uint8Array[] = [];

  /** What a new process finds. */
  open(): Restored<Epochs> {
    this.powerOff();
    const { entries, start, durable } = this.#memory;
    const size = this.snapshotBytes().length;
    const snapshot = this.snapshot === null ? null : { id: this.snapshot.id, context: new Uint8Array(0), size };
    return { durable, snapshot, logStart: start, entries: [...entries] };
  }

  get entries(): readonly Entry[] {
    return this.#memory.entries;
  }

  /** The epochs that would survive. */
  get durable(): Epochs | null {
    return this.#platter.durable;
  }

  /** The transactions that would survive, as text. */
  get texts(): string[] {
    return this.#platter.entries
      .filter(({ kind }) => kind === 'data')
      .map(({ payload }) => new TextDecoder().decode(payload));
  }

  write(write: Write<Epochs>): void {
    apply(this.#memory, write);
    this.#pending.push(write);
  }

  /** One write reaches the platter. @returns Its number, null when there is none. */
  finish(): WriteId | null {
    const write = this.#pending.shift();
    if (write === undefined) return null;
    if (this.#applied > 0) this.#applied--;
    else apply(this.#platter, write);
    this.#written = write.id;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) this.whenWritten(each.after, each.run);
    return write.id;
  }

  /** Runs something once a write is on the platter; in order with what waits already. */
  whenWritten(after: WriteId, run: () => void): void {
    if (after > this.#written || this.#waiting.length > 0) this.#waiting.push({ after, run });
    else run();
  }

  powerOff(): void {
    this.#pending.length = 0;
    this.#applied = 0;
    this.#waiting = [];
    this.#written = 0;
    this.#memory = { ...this.#platter, entries: [...this.#platter.entries] };
  }

  read(from: number, upTo: number): readonly Entry[] {
    return this.#memory.entries.filter(({ index }) => index >= from && index < upTo);
  }

  keep(id: Position, state: readonly string[]): number {
    this.snapshot = { id, state: [...state] };
    return this.snapshotBytes().length;
  }

  snapshotBytes(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(this.snapshot?.state ?? []));
  }

  receive(position: number, bytes: Uint8Array): void {
    if (position === 0) this.#received = [];
    this.#received.push(bytes.slice());
  }

  /** Snapshots are put in place as a whole, in order with writes. */
  install(id: Position): void {
    for (const write of this.#pending.slice(this.#applied)) apply(this.#platter, write);
    this.#applied = this.#pending.length;
    const text = this.#received.map((bytes) => new TextDecoder().decode(bytes)).join('');
    this.snapshot = { id, state: JSON.parse(text) };
    for (const contents of [this.#memory, this.#platter]) {
      contents.entries = [];
      contents.start = id;
    }
  }
}

function apply(contents: Contents, { truncateTo, append, durable, deletePrefix }: Write<Epochs>): void {
  if (truncateTo !== undefined) contents.entries = contents.entries.filter(({ index }) => index < truncateTo);
  if (append !== undefined) contents.entries = [...contents.entries, ...append];
  if (durable !== undefined) contents.durable = durable;
  if (deletePrefix !== undefined) {
    contents.start = deletePrefix;
    contents.entries = contents.entries.filter(({ index }) => index >= deletePrefix.index);
  }
}
