import type { MixedCluster } from './cluster.ts';
import type { Load } from './load.ts';

const LOAD_RECORDS = 100;
const LOAD_MS = 2_000;
/** Written while a broker is down. */
const MORE_RECORDS = 10;

/**
 * Kills brokers one after the other while records are written, and waits until each is back in sync and leads again.
 * Then every partition has to hold what was acknowledged. The topic has three replicas.
 */
export async function killUnderLoad(
  cluster: MixedCluster,
  load: Load,
  { topic, partitions }: { readonly topic: string; readonly partitions: number },
  ids: readonly number[],
): Promise<string> {
  for (const id of ids) {
    await untilPreferred(cluster, topic);
    const writing = load.write(topic, partitions, LOAD_RECORDS, LOAD_MS);
    writing.catch(() => {});
    await cluster.node(id).kill();
    await cluster.untilTopic('led by others', topic, (states) =>
      states.every(({ leader, isr }) => leader > 0 && leader !== id && isr.length === 2 && !isr.includes(id)),
    );
    await writing;
    await load.write(topic, partitions, MORE_RECORDS);
    await cluster.restart(id);
    await cluster.untilInSync(topic);
  }
  await untilPreferred(cluster, topic);
  return load.check(topic, partitions);
}

/** Waits until the controllers have given each partition back to the first of its replicas. */
export async function untilPreferred(cluster: MixedCluster, topic: string): Promise<void> {
  await cluster.untilTopic('led by the preferred', topic, (states) =>
    states.every(({ leader, isr, replicas }) => leader === replicas[0] && isr.length === replicas.length),
  );
}
