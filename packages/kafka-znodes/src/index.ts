/**
 * Paths and data of the znodes that Kafka keeps in ZooKeeper, byte for byte as 3.9 writes them, and read in all their
 * versions.
 *
 * @packageDocumentation
 */
export * from './broker-registration.ts';
export * from './cluster.ts';
export * from './configs.ts';
export * from './controller.ts';
export * from './partition-state.ts';
export * from './paths.ts';
export * from './scram-credential.ts';
export * from './topic-assignment.ts';
export { ZnodeError } from './znode-error.ts';
