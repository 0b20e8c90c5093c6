import type { Cluster } from '@biquorum/cluster';

/** Servers of a cluster's own ensemble; none in other modes. */
export function ensembleOf(cluster: Cluster): readonly number[] {
  return cluster.nodes.flatMap(({ id, role }) => (role === 'zookeeper' ? [id] : []));
}

/** Resolves with the server that leads once each that runs leads or follows it. */
export async function untilEnsembleServes(cluster: Cluster): Promise<number> {
  const running = cluster.nodes.flatMap(({ id, role, state }) => {
    return role === 'zookeeper' && state === 'running' ? [id] : [];
  });
  let leader = -1;
  await cluster.until('one leader of the ensemble, and the others behind it', async () => {
    const standings = await Promise.all(running.map((id) => cluster.quorum(id)));
    const leaders = running.filter((_, index) => standings[index]?.role === 'leading');
    leader = leaders[0] ?? -1;
    return leaders.length === 1 && standings.every((one) => one?.role === 'leading' || one?.role === 'following');
  });
  return leader;
}

/** Kills the server that leads the ensemble; -1 where there is no ensemble of several servers. */
export async function killEnsembleLeader(cluster: Cluster): Promise<number> {
  if (ensembleOf(cluster).length < 3) return -1;
  const leader = await untilEnsembleServes(cluster);
  await cluster.kill(leader);
  return leader;
}
