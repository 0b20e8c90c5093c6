import type { Cluster } from '@biquorum/cluster';

/** A process of a cluster, for programs that kill and restart it. */
export interface ProcessState {
  readonly role: string;
  readonly id: number;
  readonly port: number;
  readonly pid: number;
  /** Where it was started. */
  readonly dir: string;
  readonly log: string;
  /** Program and arguments that start it again. */
  readonly cmd: readonly string[];
}

/** A cluster of processes, for programs that look at it from outside. */
export interface ClusterState {
  readonly system: string;
  readonly mode: string;
  /** Where the file lies. */
  readonly dir: string;
  readonly bootstrap: string;
  /** In ZooKeeper mode the ensemble, `host:port,…/path`. */
  readonly zookeeper?: string;
  readonly controllers: readonly { readonly id: number; readonly port: number }[];
  readonly procs: readonly ProcessState[];
}

/** Describes a cluster whose nodes run in processes of their own. */
export function stateOf(cluster: Cluster, dir: string): ClusterState {
  const { processes, bootstrap, mode, zookeeperConnect } = cluster;
  return {
    system: 'biquorum',
    mode,
    dir,
    bootstrap,
    ...(zookeeperConnect === undefined ? {} : { zookeeper: zookeeperConnect }),
    controllers: processes.filter(({ role }) => role === 'controller').map(({ id, port }) => ({ id, port })),
    procs: processes.map(({ role, id, port, pid, logFile, command }) => ({
      role,
      id,
      port,
      pid,
      dir: process.cwd(),
      log: logFile,
      cmd: command,
    })),
  };
}
