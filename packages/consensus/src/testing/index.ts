/**
 * A conformance kit that every engine passes: whole replicas of it, on the driver, the storage and the network of
 * production, on hosts in memory and in virtual time.
 *
 * @packageDocumentation
 */
export { declaredSynced } from '../storage/wal-format.ts';
export { type ConformanceCase, engineConformance } from './conformance.ts';
export { type Recording, TestCluster } from './test-cluster.ts';
