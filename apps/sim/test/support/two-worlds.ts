import { startCluster } from '@biquorum/cluster';
import type { Ports } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';
import { Prng } from '@biquorum/std';
import { Committer } from '../../src/cluster/clients/committer.ts';
import { Producer } from '../../src/cluster/clients/producer.ts';
import { Setup } from '../../src/cluster/clients/setup.ts';
import { type BrokerAddress, SimClient } from '../../src/cluster/clients/sim-client.ts';
import type { Worker, WorkerParts } from '../../src/cluster/clients/worker.ts';
import { Ledger, type LedgerTopic } from '../../src/cluster/ledger.ts';
import { BROKER_PORT, planNodes } from '../../src/cluster/plan.ts';
import { SimulatedCluster } from '../../src/cluster/simulated-cluster.ts';
import { Verdict } from '../../src/cluster/verdict.ts';

/** Lets a worker work until it has done what it should. */
type Await = (goal: () => boolean) => Promise<void>;

/** A cluster as users start it, with real sockets and files. */
export async function inProduction(): Promise<void> {
  await using cluster = await startCluster({ mode: 'kraft', brokers: 3, controllers: 3 });
  const brokers = cluster.nodes
    .filter(({ role }) => role === 'broker')
    .map(({ id, address }) => ({ id, host: address.split(':')[0] as string, port: Number(address.split(':')[1]) }));
  const ports = createNodePorts();
  await useCluster(ports, brokers, async (goal) => {
    while (!goal()) await new Promise<void>((resolve) => void ports.timers.set(20, resolve));
  });
  await ports.close();
}

/** The same in the simulator. */
export async function inSimulation(): Promise<void> {
  // A seed with controllers apart from brokers.
  const seed = [1, 2, 3, 4, 5, 6].find((one) => planNodes(new Prng(one), new Set()).every((plan) => !isBoth(plan)));
  // As a started cluster has it.
  const plans = planNodes(new Prng(seed ?? 1), new Set()).map((plan) => ({ ...plan, detectResets: true }));
  const cluster = new SimulatedCluster(new Prng(1), plans, new Verdict(), () => {});
  for (const node of cluster.nodes) node.start();
  await cluster.world.time.runUntil(() => cluster.isWhole());
  const brokers = cluster.brokers.map(({ id, plan }) => ({ id, host: plan.host, port: BROKER_PORT }));
  const { ports } = cluster.world.addHost('client');
  await useCluster(ports, brokers, (goal) => cluster.world.time.runUntil(goal));
  for (const node of cluster.nodes) node.stop();
  await cluster.world.time.runUntil(() => cluster.nodes.every(({ isUp }) => !isUp));
}

/** Makes every part of the nodes do something: administration, replication, producer ids, groups. */
async function useCluster(ports: Ports, brokers: readonly BrokerAddress[], until: Await): Promise<void> {
  const verdict = new Verdict();
  const ledger = new Ledger(verdict);
  const parts: WorkerParts = { client: new SimClient(ports, new Prng(1), brokers), prng: new Prng(2), ledger };
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
}

function isBoth({ isBroker, isController }: { readonly isBroker: boolean; readonly isController: boolean }): boolean {
  return isBroker && isController;
}
