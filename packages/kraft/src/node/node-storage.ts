import type { Disk } from '@biquorum/platform';
import { type DirectoryFinding, inspectDirectories } from '../storage-format/directories.ts';
import type { KraftSettings } from './kraft-settings.ts';

/** Whose the directories of a node are. */
export interface NodeStorage {
  readonly clusterId: string;
  /** `directory.id` by path, of every directory of the node. */
  readonly directoryIds: ReadonlyMap<string, string>;
}

/** The directories of a node are not formatted, or for another one. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError';
}

/**
 * Reads what the directories of a node say of themselves.
 *
 * Source: Java `KafkaRaftServer.initializeLogDirs`, `MetaPropertiesEnsemble.verify` of 3.9.
 *
 * @throws StorageError when one of them is not formatted for this node, or for another cluster than the others
 */
export async function readNodeStorage(disk: Disk, settings: KraftSettings): Promise<NodeStorage> {
  const { logDirectories, metadataDirectory, nodeId } = settings;
  const paths = [...new Set([metadataDirectory, ...logDirectories])];
  const directoryIds = new Map<string, string>();
  let clusterId: string | undefined;
  for (const finding of await inspectDirectories(disk, paths)) {
    const meta = metaOf(finding);
    clusterId ??= meta.clusterId;
    if (meta.clusterId !== clusterId) {
      throw new StorageError(
        `Invalid cluster.id in: ${finding.path}/meta.properties. Expected ${clusterId}, but read ${meta.clusterId}`,
      );
    }
    if (meta.nodeId !== nodeId) {
      throw new StorageError(
        `Stored node id ${meta.nodeId} doesn't match previous node id ${nodeId} in ${finding.path}/meta.properties. If you moved your data, make sure your configured node id matches.`,
      );
    }
    if (meta.directoryId === undefined) {
      throw new StorageError(`${finding.path}/meta.properties has no directory.id; format the directory anew`);
    }
    directoryIds.set(finding.path, meta.directoryId);
  }
  return { clusterId: clusterId ?? '', directoryIds };
}

function metaOf(finding: DirectoryFinding): Extract<DirectoryFinding, { kind: 'formatted' }>['meta'] {
  switch (finding.kind) {
    case 'formatted':
      return finding.meta;
    case 'missing':
    case 'empty':
      throw new StorageError(
        `No \`meta.properties\` found in ${finding.path} (have you run \`biquorum storage format\` to format the directory?)`,
      );
    case 'unusable':
      throw new StorageError(`log directory ${finding.path} ${finding.reason}`);
  }
}
