import { formatMetaProperties, makeDurableDirectory, parseMetaProperties } from '@biquorum/log';
import type { Disk } from '@biquorum/platform';
import { ZooKeeperSettingsError } from '@biquorum/zookeeper-controller';

/** Whose log directories are, as their `meta.properties` say; undefined where none says anything. */
export interface LogOwner {
  readonly clusterId: string | undefined;
  readonly brokerId: number | undefined;
}

const META_PROPERTIES_FILE = 'meta.properties';
const META_BYTES_MAX = 1 << 16;

/** @throws ZooKeeperSettingsError when directories contradict each other, or are a KRaft node's */
export async function readLogOwner(disk: Disk, directories: readonly string[]): Promise<LogOwner> {
  let owner: LogOwner = { clusterId: undefined, brokerId: undefined };
  for (const directory of directories) {
    const file = `${directory}/${META_PROPERTIES_FILE}`;
    if ((await disk.stat(file)) === undefined) continue;
    const meta = parseMetaProperties(file, await disk.readWhole(file, META_BYTES_MAX));
    if (meta.version !== 0) {
      throw new ZooKeeperSettingsError(
        'log.dirs',
        directory,
        'is formatted for KRaft; give the broker other directories',
      );
    }
    for (const key of ['clusterId', 'brokerId'] as const) {
      if (owner[key] !== undefined && meta[key] !== undefined && owner[key] !== meta[key]) {
        throw new ZooKeeperSettingsError('log.dirs', directory, `is of ${key} ${meta[key]}, others of ${owner[key]}`);
      }
    }
    owner = { clusterId: meta.clusterId ?? owner.clusterId, brokerId: meta.brokerId ?? owner.brokerId };
  }
  return owner;
}

/** Marks directories as a broker's; those that are marked stay as they are. */
export async function markLogOwner(
  disk: Disk,
  directories: readonly string[],
  owner: { readonly clusterId: string; readonly brokerId: number },
): Promise<void> {
  for (const directory of directories) {
    const file = `${directory}/${META_PROPERTIES_FILE}`;
    if ((await disk.stat(file)) !== undefined) continue;
    await makeDurableDirectory(disk, directory);
    await disk.replace(file, formatMetaProperties({ version: 0, directoryId: undefined, ...owner }));
  }
}
