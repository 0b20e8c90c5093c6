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
  /** Logs whose directory is being told, and whether it has to be told once more: the first may have come too early. */
  readonly #telling: Map<Log, { again: TopicIdPartition | undefined }> = new Map();

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
    const placed: Placed[] = [];
    for (const { change, log } of assigned) {
      const id = ids.get(log.directory.slice(0, log.directory.lastIndexOf('/')));
      if (id === undefined || id === change.directory) continue;
      const { topic, topicId, partition } = change;
      const replica = { topic, topicId, partition };
      const telling = this.#telling.get(log);
      if (telling !== undefined) telling.again = replica;
      else placed.push({ id, log, replica });
    }
    if (placed.length > 0) this.#tell(placed);
  }

  #tell(placed: readonly Placed[]): void {
    for (const { log } of placed) this.#telling.set(log, { again: undefined });
    const byDirectory = Map.groupBy(placed, ({ id }) => id);
    const replicas = new Map([...byDirectory].map(([id, own]) => [id, own.map(({ replica }) => replica)]));
    this.#parts.plane
      .reportDirectories({ failed: [], placed: replicas })
      .then(() => this.#told(placed))
      .catch((error: Error) => {
        // They are told again with the next assignment.
        for (const { log } of placed) this.#telling.delete(log);
        this.#parts.telemetry.log('warn', 'cannot tell where replicas lie', { replicas: placed.length, error });
      });
  }

  /** Meanwhile a replica may have been taken from this broker and given to it again, and be without a place. */
  #told(placed: readonly Placed[]): void {
    const again = placed.flatMap(({ id, log }) => {
      const replica = this.#telling.get(log)?.again;
      this.#telling.delete(log);
      return replica === undefined ? [] : [{ id, log, replica }];
    });
    if (again.length > 0) this.#tell(again);
  }
}

/** A replica and the directory that it lies in. */
interface Placed {
  readonly id: string;
  readonly log: Log;
  readonly replica: TopicIdPartition;
}

function idOf({ meta }: LogDirectoryFacts): string | undefined {
  return meta?.version === 1 ? (meta.directoryId ?? undefined) : undefined;
}
