import { SettingsError } from '@biquorum/broker';
import { NodeStartError, PlaneError, ZooKeeperSettingsError } from '@biquorum/cluster';
import { FormatError, KraftSettingsError, MetadataLogError, QuorumStateError, StorageError } from '@biquorum/kraft';
import { CorruptLogError, FileFault, LogStorageError } from '@biquorum/log';
import { DiskError, NetworkError } from '@biquorum/platform';
import { SettingsError as ZooCfgError, StorageError as ZooKeeperStorageError } from '@biquorum/zookeeper';

const EXPECTED = [
  SettingsError,
  KraftSettingsError,
  ZooKeeperSettingsError,
  StorageError,
  FormatError,
  MetadataLogError,
  QuorumStateError,
  CorruptLogError,
  LogStorageError,
  DiskError,
  NetworkError,
  NodeStartError,
  FileFault,
  ZooCfgError,
  ZooKeeperStorageError,
];

/**
 * Whether the error is about what a node was given: its properties, its disk, its addresses, its place in the cluster.
 * Its message says all.
 */
export function isExpectedFault(error: unknown): error is Error {
  if (error instanceof PlaneError) return error.fault.code !== 'fault';
  return EXPECTED.some((kind) => error instanceof kind);
}
