import {
  decodePartitionState,
  encodePartitionState,
  partitionPath,
  partitionStatePath,
  topicPartitionsPath,
} from '@biquorum/kafka-znodes';
import type { LeaderEpoch, NodeId, PartitionEpoch } from '@biquorum/metadata';
import { MultiError, type NodeData, type Operation, type ZooKeeperClient } from '@biquorum/zookeeper-client';
import { unlessMissing, untilAnswered } from '../until-answered.ts';
import type { Partition, Topic } from './context.ts';
import { type FencedWrites, failedWith, inChunks, pipelined } from './fenced-writes.ts';
import type { Leadership } from './leadership.ts';
import type { StateStore, StateWrite } from './machine-host.ts';

/** Operations in one multi: a frame of ZooKeeper's takes a megabyte, and one of these at most a kilobyte. */
const STATES_PER_MULTI = 200;

/**
 * State znodes of partitions. Many are written in one multi; where one of them is in the way of the others, each is
 * written by itself.
 */
export class PartitionStates implements StateStore {
  readonly #session: ZooKeeperClient;
  readonly #writes: FencedWrites;

  constructor(session: ZooKeeperClient, writes: FencedWrites) {
    this.#session = session;
    this.#writes = writes;
  }

  createStates(unsigned: readonly StateWrite[]): Promise<(Leadership | null)[]> {
    const states = this.#signed(unsigned);
    const parents = new Set<Topic>();
    return inChunks(states, STATES_PER_MULTI, async (chunk) => {
      const above = new Set<Topic>();
      for (const { topic } of chunk.map(({ partition }) => partition)) {
        if (!parents.has(topic) && !hasStates(topic)) above.add(topic);
        parents.add(topic);
      }
      // As Kafka has them in order: what is above, then partitions, then their states.
      const operations = [
        ...[...above].map(({ name }) => creation(topicPartitionsPath(name), null)),
        ...chunk.map(({ partition: { topic, index } }) => creation(partitionPath(topic.name, index), null)),
        ...chunk.map(({ partition: { topic, index }, leadership }) =>
          creation(partitionStatePath(topic.name, index), encodePartitionState(leadership)),
        ),
      ];
      try {
        await this.#writes.write(operations);
        return chunk.map(({ leadership }) => leadership);
      } catch (error) {
        if (!(error instanceof MultiError)) throw error;
        return await pipelined(chunk, (one) => this.#createOne(one));
      }
    });
  }

  writeStates(unsigned: readonly StateWrite[]): Promise<(Leadership | null)[]> {
    const states = this.#signed(unsigned);
    return inChunks(states, STATES_PER_MULTI, async (chunk) => {
      try {
        const results = await this.#writes.write(chunk.map(replacement));
        return chunk.map((one, position) => {
          const result = results[position];
          return result?.op === 'setData' ? atVersion(one.leadership, result.stat.version) : null;
        });
      } catch (error) {
        if (!(error instanceof MultiError)) throw error;
        return await pipelined(chunk, (one) => this.#writeOne(one));
      }
    });
  }

  readStates(partitions: readonly Partition[]): Promise<(Leadership | null)[]> {
    return pipelined(partitions, async (partition) => {
      const node = await this.#read(partition);
      return node === undefined ? null : leadershipOf(node);
    });
  }

  /** A state tells which controller wrote it. */
  #signed(states: readonly StateWrite[]): StateWrite[] {
    const controllerEpoch = this.#writes.epoch;
    return states.map(({ partition, leadership }) => ({ partition, leadership: { ...leadership, controllerEpoch } }));
  }

  async #createOne({ partition, leadership }: StateWrite): Promise<Leadership | null> {
    const { topic, index } = partition;
    await this.#createIfMissing(topicPartitionsPath(topic.name));
    await this.#createIfMissing(partitionPath(topic.name, index));
    const data = encodePartitionState(leadership);
    try {
      await this.#writes.writeOne(creation(partitionStatePath(topic.name, index), data));
      return leadership;
    } catch (error) {
      if (!failedWith(error, 'NodeExists')) throw error;
      return this.#ownEffect(partition, leadership, 0);
    }
  }

  async #writeOne(write: StateWrite): Promise<Leadership | null> {
    try {
      const result = await this.#writes.writeOne(replacement(write));
      return result.op === 'setData' ? atVersion(write.leadership, result.stat.version) : null;
    } catch (error) {
      if (!failedWith(error, 'BadVersion') && !failedWith(error, 'NoNode')) throw error;
      return this.#ownEffect(write.partition, write.leadership, write.leadership.partitionEpoch + 1);
    }
  }

  /** A write whose answer was lost and that was repeated has found itself. */
  async #ownEffect(partition: Partition, leadership: Leadership, version: number): Promise<Leadership | null> {
    const node = await this.#read(partition);
    if (node === undefined || node.stat.version !== version) return null;
    return sameBytes(node.data, encodePartitionState(leadership)) ? atVersion(leadership, version) : null;
  }

  async #createIfMissing(path: string): Promise<void> {
    try {
      await this.#writes.writeOne(creation(path, null));
    } catch (error) {
      if (!failedWith(error, 'NodeExists')) throw error;
    }
  }

  #read({ topic, index }: Partition): Promise<NodeData | undefined> {
    const path = partitionStatePath(topic.name, index);
    return unlessMissing(untilAnswered(this.#session, () => this.#session.getData(path)));
  }
}

function leadershipOf({ data, stat }: NodeData): Leadership {
  const { leader, leaderEpoch, isr, recovering, controllerEpoch } = decodePartitionState(data);
  return {
    leader: leader as NodeId,
    leaderEpoch: leaderEpoch as LeaderEpoch,
    isr: isr as readonly NodeId[],
    recovering,
    controllerEpoch,
    partitionEpoch: stat.version as PartitionEpoch,
  };
}

function atVersion(leadership: Leadership, version: number): Leadership {
  return { ...leadership, partitionEpoch: version as PartitionEpoch };
}

function hasStates({ partitions }: Topic): boolean {
  for (const { leadership } of partitions.values()) if (leadership !== null) return true;
  return false;
}

function creation(path: string, data: Uint8Array | null): Operation {
  return { op: 'create', path, data };
}

function replacement({ partition, leadership }: StateWrite): Operation {
  const path = partitionStatePath(partition.topic.name, partition.index);
  return { op: 'setData', path, data: encodePartitionState(leadership), version: leadership.partitionEpoch };
}

function sameBytes(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && a.length === b.length && a.every((byte, position) => byte === b[position]);
}
