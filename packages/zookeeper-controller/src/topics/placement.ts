import type { NodeId } from '@biquorum/metadata';
import type { Random } from '@biquorum/platform';

/** A broker that replicas can be placed on. */
export interface PlacementBroker {
  readonly id: NodeId;
  readonly rack: string | null;
}

/** Where the placement begins; a topic that grows goes on from its first replica. */
export interface PlacementStart {
  /** Place of the first partition's first replica among the brokers in their order. */
  readonly startIndex: number;
  /** Number of the first partition that is placed. */
  readonly firstPartition: number;
}

/**
 * Replicas of new partitions, one after the other around the brokers, the further ones shifted more with every round;
 * over as many racks as can be when every broker has one.
 *
 * Source: Java `AdminUtils.assignReplicasToBrokers`, with racks used where all brokers have one.
 *
 * @param brokers at least `replicationFactor` of them
 * @returns One list of replicas per partition, from `firstPartition` on.
 */
export function placeReplicas(
  brokers: readonly PlacementBroker[],
  partitions: number,
  replicationFactor: number,
  random: Random,
  start?: PlacementStart,
): readonly (readonly NodeId[])[] {
  const sorted = [...brokers].sort((a, b) => a.id - b.id);
  const withRacks = sorted.every(({ rack }) => rack !== null);
  const arranged = withRacks ? alternateRacks(sorted) : sorted;
  const count = arranged.length;
  const racks = new Set(sorted.map(({ rack }) => rack)).size;
  const startIndex = start?.startIndex ?? random.uint32() % count;
  let shift = start?.startIndex ?? random.uint32() % count;
  const first = start?.firstPartition ?? 0;
  return Array.from({ length: partitions }, (_, offset) => {
    const partition = first + offset;
    if (partition > 0 && partition % count === 0) shift += 1;
    const leader = (partition + startIndex) % count;
    return withRacks
      ? spreadOverRacks(arranged, leader, shift * racks, replicationFactor, racks)
      : Array.from({ length: replicationFactor }, (_unused, replica) => {
          const place = replica === 0 ? leader : followerPlace(leader, shift, replica - 1, count);
          return (arranged[place] as PlacementBroker).id;
        });
  });
}

/** The order in which brokers are gone around: one of each rack in turn. Source: Java `getRackAlternatedBrokerList`. */
export function alternateRacks(brokers: readonly PlacementBroker[]): readonly PlacementBroker[] {
  const byRack = [...Map.groupBy(brokers, ({ rack }) => rack ?? '')].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = byRack.map(([, inRack]) => [...inRack].sort((a, b) => a.id - b.id));
  const arranged: PlacementBroker[] = [];
  for (let turn = 0; arranged.length < brokers.length; turn++) {
    for (const row of rows) {
      const broker = row[turn];
      if (broker !== undefined) arranged.push(broker);
    }
  }
  return arranged;
}

function spreadOverRacks(
  arranged: readonly PlacementBroker[],
  leaderPlace: number,
  shift: number,
  replicationFactor: number,
  racks: number,
): readonly NodeId[] {
  const leader = arranged[leaderPlace] as PlacementBroker;
  const replicas = [leader.id];
  const usedRacks = new Set([leader.rack]);
  for (let step = 0; replicas.length < replicationFactor; step++) {
    const broker = arranged[followerPlace(leaderPlace, shift, step, arranged.length)] as PlacementBroker;
    const rackIsFree = !usedRacks.has(broker.rack) || usedRacks.size === racks;
    if (!rackIsFree || replicas.includes(broker.id)) continue;
    replicas.push(broker.id);
    usedRacks.add(broker.rack);
  }
  return replicas;
}

function followerPlace(leaderPlace: number, shift: number, replica: number, count: number): number {
  if (count === 1) return leaderPlace;
  return (leaderPlace + 1 + ((shift + replica) % (count - 1))) % count;
}
