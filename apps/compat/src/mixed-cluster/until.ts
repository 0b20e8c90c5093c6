import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 90_000;
const PAUSE_MS = 50;

/**
 * Asks again until there is an answer that will do: one that is not undefined. An error counts as none.
 *
 * @throws {Error} when that takes too long, with what `state` or the last error says then
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  state: () => unknown = () => undefined,
): Promise<Answer> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    let fault: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      fault = error;
    }
    if (Date.now() > end) {
      const seen = await Promise.resolve(state()).catch(String);
      throw new Error(`not ${what} after ${PATIENCE_MS} ms: ${JSON.stringify(seen)}`, { cause: fault });
    }
    await sleep(PAUSE_MS);
  }
}
