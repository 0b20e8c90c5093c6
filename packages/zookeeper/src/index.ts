/**
 * A ZooKeeper server's state: the tree of znodes, watches, sessions and access, as pure state machines.
 *
 * @packageDocumentation
 */

export { StorageError } from '@biquorum/consensus';
export type { CounterName, SummaryName } from './metrics/metric-names.ts';
export { type MetricCounter, type MetricValue, ServerMetrics } from './metrics/server-metrics.ts';
export { PercentileSummary, Summary } from './metrics/summary.ts';
export { Words, type WordsContext } from './operations/four-letter-words.ts';
export { MemoryCore, serverOptionsOf } from './operations/memory-core.ts';
export { MetricsEndpoint } from './operations/metrics-endpoint.ts';
export type { DirectorySizes, ServerMode, ServingCore } from './operations/serving-core.ts';
export { SettingsError } from './operations/setting-values.ts';
export {
  type EnsembleSettings,
  readZooKeeperSettings,
  type StorageSettings,
  type ZooKeeperSettings,
} from './operations/settings.ts';
export {
  BARE_PROPERTIES,
  CONFIG_KEYS,
  PROPERTIES,
  type Setting,
  type Support,
} from './operations/settings-table.ts';
export {
  type HostFacts,
  type StartOptions,
  startZooKeeper,
  type ZooKeeperNode,
} from './operations/start-zookeeper.ts';
export { SERVER_VERSION } from './operations/version.ts';
export { configText, type EnsembleConfig } from './quorum/ensemble-config.ts';
export { EnsembleCore } from './quorum/ensemble-core.ts';
export { EnsembleNode, type EnsembleNodeOptions, type NodeState } from './quorum/ensemble-node.ts';
export { EnsembleTransport, type EnsembleTransportOptions } from './quorum/ensemble-transport.ts';
export { ClientConnection, type ClientLink } from './server/client-connection.ts';
export { ClientListener, type ClientListenerOptions, type FourLetterWords } from './server/client-listener.ts';
export { type ConnectionThrottleOptions, NO_CONNECTION_THROTTLE } from './server/connection-throttle.ts';
export {
  CONTAINER_CLEANING,
  ContainerCleaner,
  type ContainerCleanerOptions,
} from './server/container-cleaner.ts';
export type { Apply, Pipeline, Submission } from './server/pipeline.ts';
export { NO_REQUEST_THROTTLE, type RequestThrottleOptions } from './server/request-throttle.ts';
export { Server, type ServerOptions } from './server/server.ts';
export { ConnectionStats, ServerStats, SizeStats } from './server/server-stats.ts';
export { type StandaloneClock, type StandaloneOptions, StandaloneServer } from './server/standalone.ts';
export { DataDirectory, type DataDirectoryOptions } from './storage/data-directory.ts';
export type { LogName, SnapshotCompression, SnapshotName } from './storage/file-names.ts';
export { purge } from './storage/purge.ts';
export type { Recovered, RecoveryOptions } from './storage/recover.ts';
export type { SnapshotTarget } from './storage/restore.ts';
export type { SnapshotSource } from './storage/snapshot-body.ts';
export type { SnapshotPace } from './storage/snapshot-pacing.ts';
export { StandaloneStorage, type StandaloneStorageEvents } from './storage/standalone-storage.ts';
export { type StorageOptions, type StoragePorts, storageOptions } from './storage/storage-options.ts';
export { ZabStorage } from './storage/zab-storage.ts';
export * from './tree/access.ts';
export { type Applied, applyTxn, type SessionTable } from './tree/apply-txn.ts';
export { DataTree, type NewNode, type SnapshotNode, type TreeChange, type TreeFault } from './tree/data-tree.ts';
export { DIGEST_VERSION, nodeDigest } from './tree/digest.ts';
export { digestId } from './tree/digest-id.ts';
export {
  basicKinds,
  CONTAINER_OWNER,
  emulated353Kinds,
  extendedKinds,
  type NodeKind,
  type NodeKinds,
  TTL_MS_MAX,
} from './tree/node-kinds.ts';
export { CONFIG, faultOfPath, nameOf, parentOf, QUOTA, ZOOKEEPER } from './tree/paths.ts';
export { type PrepareOptions, Preparer, type RequestOrigin, type WriteRequest } from './tree/prepare.ts';
export { SessionTracker } from './tree/session-tracker.ts';
export { type Change, eventTypeOf, type WatchCounts, Watches, type WatchMode, WatchTable } from './tree/watches.ts';
