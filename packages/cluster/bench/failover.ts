/**
 * How long a cluster of processes is without an active controller, and partitions without leaders, after SIGKILL: with
 * the detection of resets and without it, at Kafka's default timeouts. Argument: rounds (5 by default).
 */
import { type Cluster, startCluster } from '@biquorum/cluster';
import { Kafka, logLevel } from 'kafkajs';

const PARTITIONS = 12;
const rounds = Number(process.argv[2] ?? 5);

/** Milliseconds from the kill to the end of what follows; afterwards everything is as before. */
async function timeOf(cluster: Cluster, victim: number, after: () => Promise<void>): Promise<number> {
  const fromMs = performance.now();
  await Promise.all([cluster.kill(victim), after()]);
  const tookMs = performance.now() - fromMs;
  await cluster.restart(victim);
  await cluster.untilInSync('t');
  return tookMs;
}

async function measure(detectResets: boolean): Promise<void> {
  await using cluster = await startCluster({ processes: true, detectResets });
  const admin = new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic: 't', numPartitions: PARTITIONS, replicationFactor: 3 }],
    waitForLeaders: false,
  });
  await admin.disconnect();
  await cluster.untilInSync('t');
  const figures: Record<'controller' | 'leaders', number[]> = { controller: [], leaders: [] };
  for (let round = 0; round < rounds; round++) {
    const controller = await cluster.untilController();
    const successor = (): Promise<void> =>
      cluster.until('another controller', async () => (await cluster.untilController()) !== controller);
    figures.controller.push(await timeOf(cluster, controller, successor));
    const broker = await cluster.untilLeader('t', round % PARTITIONS);
    const leaders = async (): Promise<void> => {
      const led = Array.from({ length: PARTITIONS }, (_, partition) =>
        cluster.until('a leader', async () => (await cluster.untilLeader('t', partition)) !== broker),
      );
      await Promise.all(led);
    };
    figures.leaders.push(await timeOf(cluster, broker, leaders));
  }
  for (const [what, tookMs] of Object.entries(figures)) {
    const sorted = tookMs.toSorted((a, b) => a - b).map(Math.round);
    const median = sorted[Math.floor(sorted.length / 2)];
    console.log(
      `${detectResets ? 'detected' : 'timeouts'}  ${what.padEnd(10)}  median ${median} ms  of ${sorted.join(', ')}`,
    );
  }
}

for (const detectResets of [true, false]) await measure(detectResets);
