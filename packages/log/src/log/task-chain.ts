/** Runs asynchronous tasks one after the other, in the order in which they were handed in. */
export class TaskChain {
  #tail: Promise<unknown> | undefined;

  /** Whether a task runs or waits. */
  get busy(): boolean {
    return this.#tail !== undefined;
  }

  /** Runs a task when all before it have settled, however they did. Its outcome is the task's. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail === undefined ? task() : this.#tail.then(task, task);
    const tail: Promise<void> = result.then(
      () => this.#settled(tail),
      () => this.#settled(tail),
    );
    this.#tail = tail;
    return result;
  }

  /** Resolves when all tasks handed in so far have settled. */
  async idle(): Promise<void> {
    await this.#tail;
  }

  #settled(tail: Promise<unknown>): void {
    if (this.#tail === tail) this.#tail = undefined;
  }
}
