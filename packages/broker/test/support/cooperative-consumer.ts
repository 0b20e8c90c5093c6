import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '@biquorum/kafka-wire/consumer-protocol';
import { GroupMember, type Membership } from './group-member.ts';
import type { TestClient } from './test-cluster.ts';

/** Who owns which partition of the topic, as the consumers themselves see it; remembers every breach. */
export class Ownership {
  readonly owners: Map<number, string> = new Map();
  readonly breaches: string[] = [];

  take(partition: number, consumer: string): void {
    const owner = this.owners.get(partition);
    if (owner !== undefined && owner !== consumer) {
      this.breaches.push(`${consumer} was given ${partition} while ${owner} has it`);
    }
    this.owners.set(partition, consumer);
  }

  giveUp(partition: number, consumer: string): void {
    if (this.owners.get(partition) === consumer) this.owners.delete(partition);
  }

  of(consumer: string): number[] {
    return [...this.owners].filter(([, owner]) => owner === consumer).map(([partition]) => partition);
  }
}

/**
 * A consumer of one topic that rebalances as KIP-429 has it: it goes on with what it owns while it joins, says so in its
 * subscription, gives up only what it is not given again, and then joins once more so that others get it.
 */
export class CooperativeConsumer {
  readonly name: string;
  readonly member: GroupMember;
  readonly #topic: string;
  readonly #partitions: number;
  readonly #ownership: Ownership;
  /** Every time partitions were revoked: which. */
  readonly revocations: number[][] = [];
  readonly generations: number[] = [];
  #joins = true;
  #stopped = false;

  constructor(
    name: string,
    client: TestClient,
    broker: number,
    membership: Omit<Membership, 'protocol'>,
    topic: { readonly name: string; readonly partitions: number },
    ownership: Ownership,
  ) {
    this.name = name;
    this.member = new GroupMember(client, broker, { ...membership, protocol: 'cooperative-sticky' });
    this.#topic = topic.name;
    this.#partitions = topic.partitions;
    this.#ownership = ownership;
  }

  /** Runs until it is stopped, with a heartbeat each time `pause` resolves. */
  async run(pause: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      if (this.#joins) await this.#rebalance();
      else {
        const error = await this.member.heartbeat();
        if (error === 'REBALANCE_IN_PROGRESS') this.#joins = true;
        else if (error !== 'NONE') throw new Error(`${this.name}: heartbeat answered ${error}`);
      }
      if (!this.#joins) await pause();
    }
  }

  /** Leaves the group for good. */
  async leave(): Promise<void> {
    this.#stopped = true;
    for (const partition of this.#ownership.of(this.name)) this.#ownership.giveUp(partition, this.name);
    await this.member.leave();
  }

  async #rebalance(): Promise<void> {
    this.#joins = false;
    const owned = this.#ownership.of(this.name);
    const ownedPartitions = owned.length === 0 ? [] : [{ topic: this.#topic, partitions: owned }];
    const joined = await this.member.join(encodeSubscription({ topics: [this.#topic], ownedPartitions }, 1));
    if (this.#stopped) return;
    if (joined.error !== 'NONE') {
      this.#joins = true;
      return;
    }
    const assignments = joined.leader === this.member.memberId ? this.#assign(joined.members) : undefined;
    const synced = await this.member.sync(assignments);
    if (this.#stopped) return;
    if (synced.error !== 'NONE') {
      this.#joins = true;
      return;
    }
    this.generations.push(joined.generation);
    this.#take(decodeAssignment(synced.assignment).assignedPartitions[0]?.partitions ?? []);
  }

  #take(assigned: readonly number[]): void {
    const revoked = this.#ownership.of(this.name).filter((partition) => !assigned.includes(partition));
    for (const partition of revoked) this.#ownership.giveUp(partition, this.name);
    for (const partition of assigned) this.#ownership.take(partition, this.name);
    if (revoked.length === 0) return;
    this.revocations.push(revoked);
    this.#joins = true;
  }

  /** Even shares; who owns partitions keeps its share of them, and what another still owns is given to nobody yet. */
  #assign(members: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
    const ids = [...members.keys()].toSorted();
    const ownerOf = new Map<number, string>();
    for (const [id, metadata] of members) {
      for (const { partitions } of decodeSubscription(metadata).ownedPartitions) {
        for (const partition of partitions) ownerOf.set(partition, id);
      }
    }
    const [least, more] = [Math.floor(this.#partitions / ids.length), this.#partitions % ids.length];
    const shares = new Map(ids.map((id, index) => [id, { most: least + (index < more ? 1 : 0), has: [] as number[] }]));
    const homeless: number[] = [];
    for (let partition = 0; partition < this.#partitions; partition++) {
      const share = shares.get(ownerOf.get(partition) ?? '');
      if (share !== undefined && share.has.length < share.most) share.has.push(partition);
      else homeless.push(partition);
    }
    for (const partition of homeless) {
      const share = [...shares.values()].find(({ has, most }) => has.length < most);
      // Its owner has to give it up first; the seat stays reserved until the next round.
      if (share !== undefined && ownerOf.has(partition)) share.most -= 1;
      else share?.has.push(partition);
    }
    const encode = (partitions: number[]): Uint8Array =>
      encodeAssignment({ assignedPartitions: [{ topic: this.#topic, partitions }] }, 1);
    return new Map([...shares].map(([id, { has }]) => [id, encode(has)]));
  }
}
