import type { NodeId } from '@biquorum/metadata';
import type { Random } from '@biquorum/platform';
import { ControllerFault } from './fault.ts';

/** A broker that replicas may be placed on. */
export interface UsableBroker {
  readonly id: NodeId;
  readonly rack: string | null;
  readonly fenced: boolean;
}

/**
 * Spreads partitions over racks, and over the brokers of each rack.
 *
 * The leader is never placed on a fenced broker. Followers are on fenced ones only where a rack has no other left. Each
 * partition starts at the next rack; when every unfenced broker has had its turn the order is shuffled, so that the same
 * brokers do not always meet.
 *
 * @returns one list of replicas per partition, preferred leader first
 * @throws ControllerFault INVALID_REPLICATION_FACTOR when the brokers are too few
 *
 * Source: Java `StripedReplicaPlacer`.
 */
export function placeStriped(
  brokers: Iterable<UsableBroker>,
  partitions: number,
  replicationFactor: number,
  random: Random,
): NodeId[][] {
  const racks = new Racks(brokers, random);
  if (replicationFactor <= 0) {
    throw new ControllerFault(
      'INVALID_REPLICATION_FACTOR',
      `Invalid replication factor ${replicationFactor}: the replication factor must be positive.`,
    );
  }
  if (racks.unfenced === 0) {
    throw new ControllerFault('INVALID_REPLICATION_FACTOR', 'All brokers are currently fenced.');
  }
  if (replicationFactor > racks.total) {
    throw new ControllerFault(
      'INVALID_REPLICATION_FACTOR',
      `The target replication factor of ${replicationFactor} cannot be reached because only ${racks.total} broker(s) are registered.`,
    );
  }
  return Array.from({ length: partitions }, () => racks.place(replicationFactor));
}

class Racks {
  readonly #random: Random;
  readonly #racks: Rack[];
  readonly total: number;
  readonly unfenced: number;
  #epoch = 0;
  #offset: number;

  constructor(brokers: Iterable<UsableBroker>, random: Random) {
    this.#random = random;
    const all = [...brokers].sort((a, b) => a.id - b.id);
    const byName = Map.groupBy(all, ({ rack }) => rack);
    const names = [...byName.keys()].sort(compareNames);
    this.#racks = names.map((name) => {
      const members = byName.get(name) as UsableBroker[];
      const ids = (fenced: boolean): NodeId[] => members.filter((one) => one.fenced === fenced).map(({ id }) => id);
      return { fenced: new Ring(ids(true), random), unfenced: new Ring(ids(false), random) };
    });
    this.total = all.length;
    this.unfenced = all.filter(({ fenced }) => !fenced).length;
    this.#offset = this.#racks.length === 0 ? 0 : below(random, this.#racks.length);
  }

  place(replicationFactor: number): NodeId[] {
    if (this.#epoch === this.unfenced && this.unfenced > 1) {
      this.#shuffle();
      this.#epoch = 0;
    }
    if (this.#offset === this.#racks.length) this.#offset = 0;
    const placed: NodeId[] = [];
    let leaderRack = this.#offset;
    for (;;) {
      const leader = this.#rack(leaderRack).unfenced.next(this.#epoch);
      if (leader !== null) {
        placed.push(leader);
        break;
      }
      leaderRack = (leaderRack + 1) % this.#racks.length;
    }
    let rack = this.#offset;
    while (placed.length < replicationFactor) {
      // The leader's rack is passed over once; it has had its share.
      if (rack === leaderRack) leaderRack = -1;
      else {
        const { unfenced, fenced } = this.#rack(rack);
        const follower = unfenced.next(this.#epoch) ?? fenced.next(this.#epoch);
        if (follower !== null) placed.push(follower);
      }
      rack = (rack + 1) % this.#racks.length;
    }
    this.#epoch += 1;
    this.#offset += 1;
    return placed;
  }

  #rack(index: number): Rack {
    return this.#racks[index] as Rack;
  }

  #shuffle(): void {
    shuffle(this.#racks, this.#random);
    for (const { fenced, unfenced } of this.#racks) {
      fenced.shuffle(this.#random);
      unfenced.shuffle(this.#random);
    }
  }
}

interface Rack {
  readonly fenced: Ring;
  readonly unfenced: Ring;
}

/** Brokers in a circle: each partition begins one further and meets each at most once. */
class Ring {
  readonly #brokers: NodeId[];
  #index = 0;
  #offset: number;
  #epoch = 0;

  constructor(brokers: NodeId[], random: Random) {
    this.#brokers = brokers;
    this.#offset = brokers.length === 0 ? 0 : below(random, brokers.length);
  }

  next(epoch: number): NodeId | null {
    const count = this.#brokers.length;
    if (count === 0) return null;
    if (this.#epoch !== epoch) {
      this.#epoch = epoch;
      this.#index = 0;
      this.#offset = (this.#offset + 1) % count;
    }
    if (this.#index >= count) return null;
    const broker = this.#brokers[(this.#index + this.#offset) % count] as NodeId;
    this.#index += 1;
    return broker;
  }

  shuffle(random: Random): void {
    shuffle(this.#brokers, random);
  }
}

function shuffle<T>(list: T[], random: Random): void {
  for (let index = list.length - 1; index > 0; index--) {
    const other = below(random, index + 1);
    [list[index], list[other]] = [list[other] as T, list[index] as T];
  }
}

/** A whole number from 0 to `limit` − 1, evenly spread. */
function below(random: Random, limit: number): number {
  const whole = Math.floor(2 ** 32 / limit) * limit;
  for (;;) {
    const drawn = random.uint32();
    if (drawn < whole) return drawn % limit;
  }
}

function compareNames(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  return b === null || a > b ? 1 : -1;
}
