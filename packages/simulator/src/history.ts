/** One operation of a client, with the moments between which it took effect. */
export interface Operation<Input, Output> {
  /** Who called; the calls of one client do not overlap. */
  readonly client: number;
  readonly input: Input;
  /** When it was called: a number that grows with every event of the history. */
  readonly call: number;
  /** When its answer came; infinite when it never did, so that it may take effect at any time, or never. */
  readonly end: number;
  /** Null when no answer came. */
  readonly output: Output | null;
}

/** Records what clients do and see, in the order in which it happens. */
export class HistoryRecorder<Input, Output> {
  readonly #operations: Operation<Input, Output>[] = [];
  readonly #open: Map<number, { readonly client: number; readonly input: Input; readonly call: number }> = new Map();
  #clock = 0;
  #nextId = 0;

  /** A client calls. @returns The number of the call. */
  call(client: number, input: Input): number {
    const id = this.#nextId++;
    this.#open.set(id, { client, input, call: this.#clock++ });
    return id;
  }

  /** The answer has come. */
  answer(id: number, output: Output): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    this.#operations.push({ ...open, end: this.#clock++, output });
  }

  /** The call certainly had no effect. */
  drop(id: number): void {
    this.#open.delete(id);
  }

  /** All operations so far; calls without an answer are open to the end. */
  operations(): Operation<Input, Output>[] {
    const open = [...this.#open.values()].map((call) => ({ ...call, end: Number.POSITIVE_INFINITY, output: null }));
    return [...this.#operations, ...open];
  }
}
