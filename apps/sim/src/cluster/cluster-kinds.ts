import type { ClusterKind } from './government.ts';
import { kraftKind } from './kraft/kraft-kind.ts';
import { type ClusterSimulationOptions, type ClusterSimulationResult, simulateCluster } from './simulation.ts';
import { zookeeperEnsembleKind, zookeeperKind } from './zookeeper/zookeeper-kind.ts';

/** A run of a whole cluster. */
export type ClusterRun = (options: Omit<ClusterSimulationOptions, 'kind'>) => Promise<ClusterSimulationResult>;

/** The modes in which whole clusters can be simulated, by name. */
export const clusterKinds: Readonly<Record<string, ClusterRun>> = runsOf(
  kraftKind,
  zookeeperKind,
  zookeeperEnsembleKind,
);

/** @throws Error when there is none of this name. */
export function clusterNamed(name: string): ClusterRun {
  const found = clusterKinds[name];
  if (found !== undefined) return found;
  throw new Error(`no cluster ${name}; there are ${Object.keys(clusterKinds).join(', ')}`);
}

function runsOf(...kinds: readonly ClusterKind[]): Readonly<Record<string, ClusterRun>> {
  return Object.fromEntries(
    kinds.map((kind): [string, ClusterRun] => [kind.name, (options) => simulateCluster({ ...options, kind })]),
  );
}
