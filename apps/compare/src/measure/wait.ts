import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than anything that comes to an end on a busy machine. */
export const PATIENCE_MS = 240_000;

/** How long, and how often, somebody asks. */
export interface Waiting {
  readonly everyMs?: number;
  readonly patienceMs?: number;
  /** Ends the waiting when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Asks again and again until there is an answer. @throws Error with the last reason when that takes too long */
export async function untilDefined<Result>(
  what: string,
  ask: () => Promise<Result | undefined>,
  { everyMs = 5, patienceMs = PATIENCE_MS, signal }: Waiting = {},
): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  let reason: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const result = await ask();
      if (result !== undefined) return result;
    } catch (error) {
      reason = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${patienceMs} ms`, reason === undefined ? {} : { cause: reason });
    }
    await sleep(everyMs);
  }
}
