import type { DriverMachine, Entry, NodeId, Position } from '@biquorum/consensus';
import { ByteReader, ByteWriter } from '@biquorum/std';
import type { SafetyChecker } from './checkers.ts';
import type { RegisterInput } from './register.ts';

/** A change as it is proposed: a write or a swap, with the number that names the call. */
export interface StoreCommand {
  readonly call: number;
  readonly input: Exclude<RegisterInput, { kind: 'read' }>;
}

/** The bytes of a command; as long as asked, so that entries differ in size. */
export function encodeCommand({ call, input }: StoreCommand, paddingBytes: number): Uint8Array {
  const w = new ByteWriter({ initialBytes: 32 + paddingBytes });
  w.u8(input.kind === 'write' ? 0 : 1);
  w.u32(call);
  w.u32(input.key);
  w.u32(input.value);
  w.u32(input.kind === 'swap' ? input.expected : 0);
  w.reserve(paddingBytes);
  return w.finish();
}

/** The replicated state that simulated clients use: registers, and a digest of all that ever was applied. */
export class Store implements DriverMachine {
  readonly #id: NodeId;
  readonly #checker: SafetyChecker;
  #values: Map<number, number> = new Map();
  #digest = 0;
  #index = 0;
  /** Swaps that this node has applied itself, and how they ended. */
  readonly #swaps: Map<number, boolean> = new Map();

  constructor(id: NodeId, checker: SafetyChecker) {
    this.#id = id;
    this.#checker = checker;
  }

  get digest(): number {
    return this.#digest;
  }

  get index(): number {
    return this.#index;
  }

  value(key: number): number {
    return this.#values.get(key) ?? 0;
  }

  /** How a swap ended; undefined when this node took the result over with a snapshot. */
  swapped(call: number): boolean | undefined {
    return this.#swaps.get(call);
  }

  apply(entry: Entry): void {
    this.#digest = this.#checker.deliver(this.#id, entry, this.#digest);
    this.#index = entry.index + entry.span;
    if (entry.kind === 'control') return;
    const r = new ByteReader(entry.payload);
    const swap = r.u8() === 1;
    const call = r.u32();
    const key = r.u32();
    const value = r.u32();
    const expected = r.u32();
    const happens = !swap || this.value(key) === expected;
    if (happens) this.#values.set(key, value);
    if (swap) this.#swaps.set(call, happens);
  }

  snapshot(): Uint8Array {
    const w = new ByteWriter();
    w.i64(this.#index);
    w.i32(this.#digest);
    w.u32(this.#values.size);
    for (const [key, value] of this.#values) {
      w.u32(key);
      w.u32(value);
    }
    return w.finish();
  }

  restore(state: Uint8Array, id: Position): void {
    const r = new ByteReader(state);
    this.#index = r.i64();
    this.#digest = r.i32();
    this.#values = new Map();
    for (let count = r.u32(); count > 0; count--) this.#values.set(r.u32(), r.u32());
    this.#checker.restore(this.#id, id.index, this.#digest);
  }
}
