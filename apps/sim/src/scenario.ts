/** What one run of a scenario came to. */
export interface Outcome {
  /** A digest of everything that happened: equal for two runs if they were the same, event for event. */
  readonly hash: string;
  /** What broke, each in one sentence; empty when all held. */
  readonly violations: readonly string[];
  /** Virtual milliseconds from the first to the last event. */
  readonly virtualMs: number;
  /** Counts of what was done, worth adding up over many runs, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** Counts of the faults that struck, by name. */
  readonly faults: Readonly<Record<string, number>>;
}

/** Something that can be simulated: everything in a run follows from its seed. */
export interface Scenario {
  readonly name: string;
  /** What is shown by it, in one line. */
  readonly title: string;
  run(seed: number): Promise<Outcome>;
}
