import { ClusterClient } from '../client/cluster-client.ts';
import { NodeClient } from '../client/node-client.ts';
import { fetchRecords, produce } from '../client/requests.ts';
import { Meter } from '../measure/meter.ts';
import { Missing } from '../sides/side.ts';
import type { Figures, Row, Scenario, ScenarioContext } from './scenario.ts';

const TOPIC = 'steady';
const PARTITIONS = 6;
const REPLICAS = 3;
const RECORDS = 16;
const VALUE_BYTES = 1024;
const TIMEOUT_MS = 60_000;
const KIB = 1024;

const rows: readonly Row[] = [
  {
    id: 'rate',
    title: 'written, acks=all',
    unit: 'records/s',
  },
  { id: 'latency', title: '– until it is acknowledged, each batch', unit: 'ms' },
  { id: 'consumed', title: 'read meanwhile', unit: 'KiB/s' },
  { id: 'messages', title: 'messages about metadata between nodes', unit: '1/s' },
  { id: 'bytes', title: '– their bytes', unit: 'KiB/s' },
  { id: 'syncs', title: '– syncs of metadata', unit: '1/s' },
  { id: 'processor', title: 'processor time of all nodes, of one processor', unit: '%' },
  { id: 'memory', title: 'resident memory of all nodes', unit: 'MiB' },
];

/** Records flow, and nothing happens. */
export const steady: Scenario = {
  name: 'steady',
  title: 'Steady load',
  summary: `Producers and consumers of ${PARTITIONS} partitions with ${REPLICAS} replicas, as fast as they can: batches of ${RECORDS} × 1 KiB, one in flight for each partition. The brokers are the same in both modes, so no difference is expected.`,
  rows: () => rows,
  run: (context) => runSteady(context),
};

async function runSteady(context: ScenarioContext): Promise<Figures> {
  const side = await context.start();
  using client = new ClusterClient(context, side);
  await client.create({ name: TOPIC, partitions: PARTITIONS, replicas: REPLICAS });
  await client.untilInSync([TOPIC]);
  const values = Array.from({ length: RECORDS }, () => new Uint8Array(VALUE_BYTES).fill(0x78));
  const latencies: number[] = [];
  let bytes = 0;
  const load = async (untilMs: number, counted: boolean): Promise<void> => {
    const loop = async (partition: number, step: (node: NodeClient) => Promise<boolean>): Promise<void> => {
      while (performance.now() < untilMs) {
        using node = new NodeClient(context.ports, await client.untilLeader(TOPIC, partition), TIMEOUT_MS);
        // A leader that has just been chosen may not know of it yet; one that is deposed is looked for anew.
        while (performance.now() < untilMs && (await step(node)));
      }
    };
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    const offsets = partitions.map(() => 0);
    await Promise.all(
      partitions.flatMap((partition) => [
        loop(partition, async (node) => {
          const startMs = performance.now();
          if ((await produce(node, { topic: TOPIC, partition, values }, TIMEOUT_MS)) !== 0) return false;
          if (counted) latencies.push(performance.now() - startMs);
          return true;
        }),
        loop(partition, async (node) => {
          const offset = offsets[partition] ?? 0;
          const fetched = await fetchRecords(node, { topic: TOPIC, partition, offset }, FETCH_WAIT_MS);
          if (fetched.error !== 0) return false;
          offsets[partition] = fetched.next;
          if (counted) bytes += fetched.bytes;
          return true;
        }),
      ]),
    );
  };
  const { steadyMs } = context.extent;
  // Compilers of either side get some time to do their work.
  await load(performance.now() + steadyMs / 2, false);
  const meter = await Meter.start(side);
  const startMs = performance.now();
  await load(startMs + steadyMs, true);
  const metered = await meter.read();
  const seconds = metered.elapsedMs / 1000;
  const each = (amount: number | Missing, divisor: number): number | Missing =>
    amount instanceof Missing ? amount : amount / divisor;
  return {
    rate: (latencies.length * RECORDS) / seconds,
    latency: latencies,
    consumed: bytes / KIB / seconds,
    messages: each(metered.messages, seconds),
    bytes: each(metered.bytes, seconds * KIB),
    syncs: each(metered.syncs, seconds),
    processor: each(metered.processorMs, metered.elapsedMs / 100),
    memory: metered.residentMiB,
  };
}

const FETCH_WAIT_MS = 100;
