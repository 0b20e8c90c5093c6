import { startCluster } from '@biquorum/cluster';
import type { Ports } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';
import { Prng } from '@biquorum/std';
import { ClientListener, StandaloneServer } from '@biquorum/zookeeper';
import { Committer } from '../../src/cluster/clients/committer.ts';
import { Producer } from '../../src/cluster/clients/producer.ts';
import { Setup } from '../../src/cluster/clients/setup.ts';
import { type BrokerAddress, SimClient } from '../../src/cluster/clients/sim-client.ts';
import type { Worker, WorkerParts } from '../../src/cluster/clients/worker.ts';
import { kraftKind } from '../../src/cluster/kraft/kraft-kind.ts';
import { Ledger, type LedgerTopic } from '../../src/cluster/ledger.ts';
import { BROKER_PORT } from '../../src/cluster/plan.ts';
import { SimulatedCluster } from '../../src/cluster/simulated-cluster.ts';
import { Verdict } from '../../src/cluster/verdict.ts';
import { zookeeperKind } from '../../src/cluster/zookeeper/zookeeper-kind.ts';

/** The broker that is killed and comes back. */
const RESTARTED = 2;

/** Lets a worker work until it has done what it should. */
type Await = (goal: () => boolean) => Promise<void>;

/** How the cluster is governed. */
type Mode = 'kraft' | 'zookeeper';

/** A cluster as users start it, with real sockets and files. */
export async function inProduction(mode: Mode): Promise<void> {
  const ports = createNodePorts();
  await using ensemble = mode === 'zookeeper' ? await startEnsemble(ports) : undefined;
  await using cluster = await startCluster({
    mode,
    brokers: 3,
    ...(ensemble === undefined ? { controllers: 3 } : { zookeeperConnect: ensemble.connect }),
    properties: mode === 'zookeeper' ? { 'zookeeper.session.timeout.ms': '2000' } : {},
  });
  const brokers = cluster.nodes
    .filter(({ role }) => role === 'broker')
    .map(({ id, address }) => ({ id, host: address.split(':')[0] as string, port: Number(address.split(':')[1]) }));
  const until: Await = async (goal) => {
    while (!goal()) await new Promise<void>((resolve) => void ports.timers.set(20, resolve));
  };
  await useCluster(ports, brokers, until, async () => {
    await cluster.kill(RESTARTED);
    await cluster.restart(RESTARTED);
  });
}

/** The same in the simulator. */
export async function inSimulation(mode: Mode): Promise<void> {
  const kind = mode === 'kraft' ? kraftKind : zookeeperKind;
  const families = new Set<never>();
  // A seed with controllers apart from brokers, where they can be.
  const isApart = (seed: number): boolean => kind.plan(new Prng(seed), families).every((plan) => !isBoth(plan));
  const seed = [1, 2, 3, 4, 5, 6].find(isApart) ?? 1;
  // As a started cluster has it.
  const plans = kind.plan(new Prng(seed), families).map((plan) => ({ ...plan, detectResets: true }));
  const parts = { kind, plans, families, verdict: new Verdict(), tell: () => {} };
  const cluster = new SimulatedCluster(new Prng(1), parts);
  for (const node of cluster.nodes) node.start();
  await cluster.world.time.runUntil(() => cluster.isWhole());
  const brokers = cluster.brokers.map(({ id, plan }) => ({ id, host: plan.host, port: BROKER_PORT }));
  const { ports } = cluster.world.addHost('client');
  const until: Await = (goal) => cluster.world.time.runUntil(goal);
  await useCluster(ports, brokers, until, async () => {
    const node = cluster.brokers.find(({ id }) => id === RESTARTED);
    node?.kill();
    node?.start();
    await until(() => cluster.isWhole());
  });
  for (const node of cluster.nodes) node.stop();
  await cluster.world.time.runUntil(() => cluster.nodes.every(({ isUp }) => !isUp));
}

/** Makes every part of the nodes do something: administration, replication, producer ids, groups, recovery of logs. */
async function useCluster(
  ports: Ports,
  brokers: readonly BrokerAddress[],
  until: Await,
  restart: () => Promise<void>,
): Promise<void> {
  const verdict = new Verdict();
  const ledger = new Ledger(verdict);
  const habits = { excuses: () => false, lifeOf: () => 0 };
  const parts: WorkerParts = { client: new SimClient(ports, new Prng(1), brokers), prng: new Prng(2), ledger, habits };
  const done = async (worker: Worker, goal: () => boolean): Promise<void> => {
    await until(() => goal() || verdict.violation !== null);
    worker.stop();
    await until(() => worker.hasEnded || verdict.violation !== null);
    if (verdict.violation !== null) throw verdict.violation;
  };
  const setup = new Setup('setup', parts, [1]).begin();
  await done(setup, () => setup.hasEnded);
  const [topic] = setup.topics as [LedgerTopic];
  const task = { topic, partition: 0, batches: 5, pauseMsMax: 5 };
  const producer = new Producer('producer', parts, task).begin();
  await done(producer, () => producer.acknowledgedBatches === 5);
  const committer = new Committer('group', parts, topic).begin();
  await done(committer, () => committer.acknowledged >= 2);
  await restart();
}

/** A ZooKeeper on real sockets. */
async function startEnsemble(
  ports: ReturnType<typeof createNodePorts>,
): Promise<AsyncDisposable & { connect: string }> {
  const standalone = new StandaloneServer({ clock: ports.clock, tickMs: 500 });
  const host = '127.0.0.1';
  const listener = new ClientListener(standalone.server, { host, port: 0, connectionsPerHostMax: 0 });
  const port = await listener.open(ports.network);
  const tick = (): void => {
    standalone.tick();
    timer = ports.timers.set(250, tick);
  };
  let timer = ports.timers.set(0, tick);
  const close = async (): Promise<void> => {
    timer.cancel();
    await listener.close();
  };
  return { connect: `${host}:${port}`, [Symbol.asyncDispose]: close };
}

function isBoth({ isBroker, isController }: { readonly isBroker: boolean; readonly isController: boolean }): boolean {
  return isBroker && isController;
}
