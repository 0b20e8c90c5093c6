/**
 * A whole cluster in one process: started, stopped, killed, paused and looked into by the test or program that embeds
 * it.
 *
 * @packageDocumentation
 */
export { Cluster, type ClusterOptions, type NodeStatus, startCluster } from './cluster.ts';
