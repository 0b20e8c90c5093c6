import { type ClusterSimulationOptions, type ClusterSimulationResult, simulateCluster } from './simulation.ts';

/** A run of a whole cluster. */
export type ClusterRun = (options: ClusterSimulationOptions) => Promise<ClusterSimulationResult>;

/** The modes in which whole clusters can be simulated, by name. */
export const clusterKinds: Readonly<Record<string, ClusterRun>> = { kraft: simulateCluster };

/** @throws Error when there is none of this name. */
export function clusterNamed(name: string): ClusterRun {
  const found = clusterKinds[name];
  if (found !== undefined) return found;
  throw new Error(`no cluster ${name}; there are ${Object.keys(clusterKinds).join(', ')}`);
}
