import type { NodeId } from '@biquorum/metadata';

/** A broker that replicas may be placed on. */
export interface PlacementBroker {
  readonly id: NodeId;
  readonly rack: string | null;
}

/**
 * Spreads partitions over brokers: each starts one broker further, and followers go to other racks as long as there are
 * some. `start` shifts the whole so that small topics do not all begin at the same broker.
 *
 * @returns one list of replicas per partition, preferred leader first
 */
export function placeReplicas(
  brokers: readonly PlacementBroker[],
  partitions: number,
  replicationFactor: number,
  start: number,
): NodeId[][] {
  const ring = interleaveRacks(brokers);
  return Array.from({ length: partitions }, (_, partition) => {
    const first = start + partition;
    // Each full turn shifts the followers, so that a dead leader's load does not fall on one broker.
    const shift = Math.floor(partition / ring.length);
    return Array.from({ length: replicationFactor }, (_, replica) => {
      const step = replica === 0 ? 0 : 1 + ((shift + replica - 1) % (ring.length - 1));
      return (ring[(first + step) % ring.length] as PlacementBroker).id;
    });
  });
}

/** Brokers in an order in which neighbours have different racks as far as possible. */
function interleaveRacks(brokers: readonly PlacementBroker[]): PlacementBroker[] {
  const byRack = new Map<string, PlacementBroker[]>();
  for (const broker of [...brokers].sort((a, b) => a.id - b.id)) {
    const rack = broker.rack ?? '';
    byRack.set(rack, [...(byRack.get(rack) ?? []), broker]);
  }
  const racks = [...byRack.values()];
  const longest = Math.max(0, ...racks.map((rack) => rack.length));
  return Array.from({ length: longest }, (_, row) => racks.flatMap((rack) => rack[row] ?? [])).flat();
}
