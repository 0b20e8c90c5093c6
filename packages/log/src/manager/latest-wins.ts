/**
 * Repeats a task whenever it is asked for, one run at a time. Who asks while a run is under way waits for the next
 * one, together with all others who do: each run begins after everybody who waits for it has asked.
 */
export class LatestWins {
  readonly #task: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  /** Resolves when a run that began after this call has ended. Its failure is the caller's too. */
  run(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#begin();
    this.#next = this.#running.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  /** Resolves when nothing runs and nothing waits, however it ended. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await (this.#next ?? this.#running).catch(() => {});
  }

  #begin(): Promise<void> {
    this.#next = undefined;
    const run = this.#task();
    this.#running = run;
    const settle = (): void => {
      if (this.#running === run) this.#running = undefined;
    };
    run.then(settle, settle);
    return run;
  }
}
