import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds. @throws {Error} when that takes too long, with what `state` says then */
export async function until(
  what: string,
  condition: () => boolean,
  state: () => unknown,
  timeoutMs = 60_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not ${what} after ${timeoutMs} ms: ${JSON.stringify(state())}`);
    await sleep(20);
  }
}
