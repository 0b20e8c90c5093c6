import { cacheDirectory } from '../java/cache.ts';
import { Load } from '../mixed-cluster/load.ts';
import type { SuiteContext } from '../suite.ts';
import { ZooKeeperCluster, type ZooKeeperClusterPlan } from './cluster.ts';
import type { BrokersEnsemble } from './ensemble.ts';
import { Observer } from './observer.ts';

/** A cluster in ZooKeeper mode, with clients that write and read, and one that looks at the znodes. */
export interface ZooKeeperScene extends AsyncDisposable {
  readonly cluster: ZooKeeperCluster;
  readonly observer: Observer;
  readonly load: Load;
}

/** Sessions that end while somebody waits for it, and not because a busy machine is slow. */
const SESSION_TIMEOUT_MS = 9000;

/** Starts brokers on an ensemble; they know each other when it is done. */
export async function startScene(
  context: SuiteContext,
  ensemble: BrokersEnsemble,
  plan: Pick<ZooKeeperClusterPlan, 'brokers' | 'connectOf' | 'properties'>,
): Promise<ZooKeeperScene> {
  await using parts = new AsyncDisposableStack();
  const observer = parts.use(await Observer.start(cacheDirectory(), ensemble.connect));
  const cluster = parts.use(
    await ZooKeeperCluster.prepare(await context.java(), {
      root: context.scratch,
      connect: ensemble.connect,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      ...plan,
    }),
  );
  await cluster.start();
  await cluster.untilBrokers([...cluster.nodes.keys()]);
  const load = parts.use(await Load.start(context, cacheDirectory(), cluster.bootstrap));
  const all = parts.move();
  return { cluster, observer, load, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
