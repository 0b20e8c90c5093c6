import type { RunningNode } from '@biquorum/cluster';
import type { ClusterView } from '@biquorum/metadata';

/**
 * Which replica lies elsewhere than the metadata say, or where they do not know; null when there is none. A controller
 * goes by what it knows when a directory fails (KIP-858).
 */
export function misplaced(view: ClusterView, { broker }: RunningNode): string | null {
  if (broker?.core === undefined) return null;
  const { logs, replicas } = broker.core;
  const ids = new Map(logs.directories.map(({ path, meta }) => [path, meta?.version === 1 ? meta.directoryId : null]));
  for (const { topic, index, log } of replicas.partitions()) {
    const known = view.topics.get(topic);
    const at = known?.replicasOf(index).indexOf(broker.id) ?? -1;
    if (at < 0) continue;
    const told = known?.directoriesOf(index)?.[at];
    const held = ids.get(log.directory.slice(0, log.directory.lastIndexOf('/')));
    if (told !== held) return `${topic}-${index} of broker ${broker.id} lies in ${held}, the metadata say ${told}`;
  }
  return null;
}
