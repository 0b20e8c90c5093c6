/**
 * Clusters for tests, under each government that there is.
 *
 * @packageDocumentation
 */
export { startTestCluster, type TestClusterMode, type TestClusterOptions } from './test-cluster.ts';
