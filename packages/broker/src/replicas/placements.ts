import type { ControlPlane, ReplicaChange, TopicIdPartition } from '@biquorum/control-plane';
import type { Log, LogDirectoryFacts } from '@biquorum/log';
import type { Telemetry } from '@biquorum/platform';

/** What {@link Placements} needs. */
export interface PlacementsParts {
  readonly plane: Pick<ControlPlane, 'reportDirectories'>;
  readonly logs: { readonly directories: readonly LogDirectoryFacts[] };
  readonly telemetry: Telemetry;
}

/**
 * Tells the cluster in which directory replicas lie, where it believes them in another one or in none.
 *
 * A replica in a directory that the broker does not have is offline to a controller and never elected: so it is after a
 * disk was replaced. Source: Java `ReplicaManager.maybeUpdateTopicAssignment`, `AssignmentsManager` (KIP-858).
 */
export class Placements {
  readonly #parts: PlacementsParts;
  /** Logs whose directory was told, or is being told. */
  readonly #told: WeakSet<Log> = new WeakSet();

  constructor(parts: PlacementsParts) {
    this.#parts = parts;
  }

  /** The path of the directory with this id; undefined when there is none. */
  pathOf(id: string): string | undefined {
    return this.#parts.logs.directories.find((directory) => idOf(directory) === id)?.path;
  }

  /** Looks where replicas lie after they were assigned. Does not wait for the cluster to know. */
  look(assigned: readonly { readonly change: ReplicaChange; readonly log: Log }[]): void {
    const ids = new Map(this.#parts.logs.directories.map((directory) => [directory.path, idOf(directory)]));
    const placed = new Map<string, TopicIdPartition[]>();
    const logs: Log[] = [];
    for (const { change, log } of assigned) {
      const id = ids.get(log.directory.slice(0, log.directory.lastIndexOf('/')));
      if (id === undefined || id === change.directory || this.#told.has(log)) continue;
      this.#told.add(log);
      logs.push(log);
      const { topic, topicId, partition } = change;
      const replicas = placed.get(id) ?? [];
      placed.set(id, replicas);
      replicas.push({ topic, topicId, partition });
    }
    if (placed.size === 0) return;
    this.#parts.plane.reportDirectories({ failed: [], placed }).catch((error: Error) => {
      // They are told again with the next assignment.
      for (const log of logs) this.#told.delete(log);
      this.#parts.telemetry.log('warn', 'cannot tell where replicas lie', { replicas: logs.length, error });
    });
  }
}

function idOf({ meta }: LogDirectoryFacts): string | undefined {
  return meta?.version === 1 ? (meta.directoryId ?? undefined) : undefined;
}
