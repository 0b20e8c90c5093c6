import { setTimeout as sleep } from 'node:timers/promises';
import { BareConnection } from './connection.ts';
import { createTopic, deleteTopic, isServed, leadersOf } from './requests.ts';

const LOOK_EVERY_MS = 10;
const TIMEOUT_MS = 30_000;

let made = 0;

/** Runs `body` with a fresh topic whose partitions are all served, and deletes the topic afterwards. */
export async function withTopic<Result>(
  bootstrap: string,
  partitions: number,
  body: (topic: string) => Promise<Result>,
): Promise<Result> {
  made += 1;
  const topic = `side-by-side-${made}`;
  {
    using connection = await BareConnection.open(bootstrap);
    await createTopic(connection, topic, partitions);
    const deadline = performance.now() + TIMEOUT_MS;
    while (!(await areServed(connection, topic, partitions))) {
      if (performance.now() > deadline) throw new Error(`${topic} is not served after ${TIMEOUT_MS} ms`);
      await sleep(LOOK_EVERY_MS);
    }
  }
  try {
    return await body(topic);
  } finally {
    using connection = await BareConnection.open(bootstrap);
    await deleteTopic(connection, topic);
  }
}

async function areServed(connection: BareConnection, topic: string, partitions: number): Promise<boolean> {
  const leaders = await leadersOf(connection, topic, partitions);
  if (leaders === undefined) return false;
  for (const [address, led] of leaders) {
    using leader = await BareConnection.open(address);
    if (!(await isServed(leader, topic, led))) return false;
  }
  return true;
}
