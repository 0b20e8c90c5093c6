import { until } from '../mixed-cluster/until.ts';
import type { ZooKeeperCluster } from './cluster.ts';
import type { Observer } from './observer.ts';

/**
 * Makes a broker the controller: an outside client deletes `/controller` while all other brokers stand still, so that
 * only this one can take it. Resolves when all brokers know. One that is the controller already is elected once more.
 */
export async function govern(cluster: ZooKeeperCluster, observer: Observer, id: number): Promise<void> {
  await cluster.untilController('known');
  const epoch = await epochOf(observer);
  const others = cluster.serving.filter((other) => other !== id).map((other) => cluster.node(other));
  for (const node of others) node.pause();
  try {
    await observer.delete('/controller');
    await until('elected', async () => {
      const elected = (await controllerOf(observer)) === id && (await epochOf(observer)) > epoch;
      return elected ? true : undefined;
    });
  } finally {
    for (const node of others) node.resume();
  }
  await cluster.untilController('the one that was chosen', (known) => known === id);
}

/** Who `/controller` names; undefined where there is none. */
export async function controllerOf(observer: Observer): Promise<number | undefined> {
  const znode = await observer.get('/controller');
  return znode?.data == null ? undefined : JSON.parse(znode.data).brokerid;
}

/** Number of elections so far, as `/controller_epoch` has it. */
export async function epochOf(observer: Observer): Promise<number> {
  return Number((await observer.get('/controller_epoch'))?.data);
}
