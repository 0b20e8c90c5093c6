/** Starts a cluster of processes, pauses one of them, says which processes there are, and stays until it is killed. */
import { startCluster } from '@biquorum/cluster';

const cluster = await startCluster({ brokers: 2, controllers: 1, processes: true });
const pids = cluster.processes.map(({ pid }) => pid);
cluster.pause(2);
process.stdout.write(`${JSON.stringify({ pids })}\n`);
// Its children keep it alive.
await new Promise(() => {});
