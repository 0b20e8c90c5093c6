import { join } from 'node:path';
import { ApacheZooKeeper } from '../apache/zookeeper.ts';
import { bundleProgram } from '../deployment/programs.ts';
import type { Java } from '../java/java.ts';
import type { Make, NodePlan } from '../mixed-cluster/node.ts';
import type { Suite } from '../suite.ts';
import { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import { measureZooKeeperMode, type ZooKeeperRow } from '../zookeeper-side-by-side/measure.ts';
import { formatZooKeeperRows } from '../zookeeper-side-by-side/table.ts';

const SIZES = [1_000];
const FULL_SIZES = [...SIZES, 10_000];
const MAKES: readonly Make[] = ['apache', 'ours'];
/** A broker that was killed has to open all of its logs. */
const READY_TIMEOUT_MS = 900_000;
/** Kafka's default, for both. */
const SESSION_TIMEOUT_MS = 18_000;
/** What Apache's start script gives a server. */
const SERVER_JVM = [
  '-Xmx1G',
  '-Xms1G',
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-XX:MaxInlineLevel=15',
  '-Djava.awt.headless=true',
];

export const suite: Suite = {
  name: 'zookeeper-side-by-side',
  title: "three brokers in ZooKeeper mode beside Apache Kafka 3.9.2, on Apache's ZooKeeper: many partitions, failover",
  needs: ['java', 'javac', 'mvn'],
  onDemand: true,
  async run(context) {
    const { check, full, only, scratch, show } = context;
    const java = await context.java();
    // `--row 100000 --row ours`: so many partitions, on one side alone.
    const wanted = only.filter((row) => Number(row) > 0).map(Number);
    const sizes = wanted.length > 0 ? wanted : full ? FULL_SIZES : SIZES;
    const chosen = MAKES.filter((make) => only.includes(make));
    const makes = chosen.length > 0 ? chosen : MAKES;
    const rows: Record<Make, ZooKeeperRow[]> = { apache: [], ours: [] };
    const programs = { jvm: SERVER_JVM, main: await bundleProgram(), readyTimeoutMs: READY_TIMEOUT_MS };
    for (const size of sizes) {
      for (const make of makes) {
        await check(
          `${make}: ${size} partitions of three replicas are made, and survive their controller`,
          async () => {
            const row = await measure(java, join(scratch, `${make}-${size}`), make, size, programs);
            rows[make].push(row);
            show(`${make}: ${JSON.stringify(row)}`);
          },
        );
      }
    }
    show(formatZooKeeperRows(rows.apache, rows.ours), { suite: 'zookeeper-side-by-side', rows });
  },
};

/** Each row has an ensemble and a cluster of its own. */
async function measure(
  java: Java,
  root: string,
  make: Make,
  partitions: number,
  programs: Pick<NodePlan, 'jvm' | 'main' | 'readyTimeoutMs'>,
): Promise<ZooKeeperRow> {
  await using zookeeper = await ApacheZooKeeper.start(join(root, 'zookeeper'));
  await using cluster = await ZooKeeperCluster.prepare(java, {
    root,
    brokers: [make, make, make],
    connect: zookeeper.connect,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    properties: { 'num.network.threads': 3, 'num.io.threads': 8, 'log.cleaner.enable': true },
    programs,
  });
  await cluster.start();
  await cluster.untilBrokers([1, 2, 3]);
  return await measureZooKeeperMode(java, zookeeper, cluster, partitions);
}
