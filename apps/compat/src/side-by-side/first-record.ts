import { setTimeout as sleep } from 'node:timers/promises';
import { BareConnection } from './connection.ts';
import { createTopic, leadersOf, produceOne } from './requests.ts';

/** How often a server that does not answer yet is asked again. */
const AGAIN_MS = 5;
const TOPIC = 'first-record';

/**
 * Resolves when a server that may just be starting has made a topic and acknowledged a record in it (`acks=all`).
 *
 * @throws Error with the last reason when that takes too long or the signal says so
 */
export async function firstRecord(bootstrap: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const attempt = async <Result>(step: () => Promise<Result | undefined>): Promise<Result> => {
    let reason: unknown;
    for (;;) {
      try {
        const result = await step();
        if (result !== undefined) return result;
      } catch (error) {
        reason = error;
      }
      if (signal?.aborted === true || performance.now() > deadline) {
        throw new Error(`${bootstrap} took no record within ${timeoutMs} ms`, { cause: reason });
      }
      await sleep(AGAIN_MS);
    }
  };
  using connection = await attempt(async () => {
    const opened = await BareConnection.open(bootstrap);
    try {
      await createTopic(opened, TOPIC, 1);
      return opened;
    } catch (error) {
      opened[Symbol.dispose]();
      throw error;
    }
  });
  const leaders = await attempt(() => leadersOf(connection, TOPIC, 1));
  using leader = await BareConnection.open([...leaders.keys()].join());
  const value = new TextEncoder().encode('first');
  await attempt(async () => ((await produceOne(leader, TOPIC, value, -1)) === 0 ? true : undefined));
}
