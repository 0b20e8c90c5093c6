/**
 * A whole cluster in one process: started, stopped, killed, paused and looked into by the test or program that embeds
 * it.
 *
 * @packageDocumentation
 */
export { PlaneError } from '@biquorum/control-plane';
export { ZooKeeperSettingsError } from '@biquorum/zookeeper-controller';
export { Cluster } from './cluster.ts';
export type { NodeRole, NodeStatus } from './cluster-node.ts';
export { type CuttableNetwork, cuttableNetwork } from './cuttable-network.ts';
export type { LogDescription, QuorumStanding } from './inspection.ts';
export { NodeServer, type NodeServerOptions } from './kraft/node-server.ts';
export { NodeStartError } from './node-start-error.ts';
export type { NodeProcess } from './processes/process-node.ts';
export { runNode } from './processes/run-node.ts';
export { type ReadyLine, type RunServerOptions, runServer } from './processes/run-server.ts';
export type { RunningNode } from './running-node.ts';
export { type ClusterMode, type ClusterOptions, startCluster } from './start-cluster.ts';
export { ZooKeeperServer } from './zookeeper/zookeeper-server.ts';
