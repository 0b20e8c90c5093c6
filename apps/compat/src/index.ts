/**
 * Clusters of Apache Kafka 3.9 and ensembles of Apache ZooKeeper 3.9 in processes, for other programs that measure
 * beside them. What they need is resolved by Maven.
 *
 * @packageDocumentation
 */
export { Java } from './java/java.ts';
export { runProgram } from './java/run-program.ts';
export { KraftCluster } from './kraft-cluster/cluster.ts';
export type { NodeProcess } from './mixed-cluster/node.ts';
export { ZooKeeperCluster } from './zookeeper-cluster/cluster.ts';
export { MixedEnsemble } from './zookeeper-ensembles/ensemble.ts';
export type { Member } from './zookeeper-ensembles/member.ts';
