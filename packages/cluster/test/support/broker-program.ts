/**
 * A broker in a process of its own, for tests that measure it: says where it listens, answers every line on its input
 * with the memory that it holds, and stops when the input ends. To be run with `--expose-gc`.
 */
import { createInterface } from 'node:readline';
import { startCluster } from '@biquorum/cluster';

const properties = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
const cluster = await startCluster({ brokers: 1, properties });
const say = (fact: unknown): void => void process.stdout.write(`${JSON.stringify(fact)}\n`);
say({ bootstrap: cluster.bootstrap });
for await (const _ of createInterface({ input: process.stdin })) {
  // Twice: what finalizers let go of is collected by the second one.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  say({ rss, held: heapUsed + external });
}
await cluster.stop();
