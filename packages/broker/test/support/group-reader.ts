import { type FetchedRecord, fetch, listOffset } from './data.ts';
import { commitOffset, committedOffset } from './group-member.ts';
import type { TestClient } from './test-cluster.ts';

const EARLIEST = -2n;

/**
 * Somebody who reads a partition for a group: goes on where the group's commit says, commits what it has read, and
 * begins with the log where that offset is gone. Remembers all it has seen.
 */
export class GroupReader {
  readonly seen: FetchedRecord[] = [];
  /** Offsets at which the log had lost what comes next, and where it went on. */
  readonly jumps: { readonly from: number; readonly to: number }[] = [];
  readonly #client: TestClient;
  readonly #groupId: string;
  readonly #topic: string;

  constructor(client: TestClient, groupId: string, topic: string) {
    this.#client = client;
    this.#groupId = groupId;
    this.#topic = topic;
  }

  /** Reads at most so many records and commits. Every call begins with the commit, as after a restart. */
  async read(broker: number, most: number = Number.POSITIVE_INFINITY): Promise<void> {
    const [client, topic] = [this.#client, this.#topic];
    const committed = await committedOffset(client, broker, this.#groupId, topic, 0);
    if (typeof committed === 'string') throw new Error(`group ${this.#groupId}: ${committed}`);
    let offset = Math.max(0, committed);
    for (let left = most; left > 0; ) {
      const { error, records } = await fetch(client, broker, topic, { offset, partitionMaxBytes: 1_000 });
      if (error === 'OFFSET_OUT_OF_RANGE') {
        const to = (await listOffset(client, broker, topic, EARLIEST)).offset;
        this.jumps.push({ from: offset, to });
        offset = to;
        continue;
      }
      if (error !== 'NONE') throw new Error(`group ${this.#groupId} cannot read at ${offset}: ${error}`);
      const taken = records.slice(0, left);
      const last = taken.at(-1);
      if (last === undefined) break;
      this.seen.push(...taken);
      left -= taken.length;
      offset = last.offset + 1;
    }
    const failure = await commitOffset(client, broker, this.#groupId, topic, 0, offset);
    if (failure !== 'NONE') throw new Error(`group ${this.#groupId} cannot commit: ${failure}`);
  }
}
