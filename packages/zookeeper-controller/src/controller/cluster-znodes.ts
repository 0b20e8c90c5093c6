import {
  brokerIdPath,
  decodeBrokerRegistration,
  decodeTopicAssignment,
  deleteTopicPath,
  encodeTopicAssignment,
  entityPath,
  PATHS,
  partitionPath,
  partitionStatePath,
  type TopicAssignment,
  topicPartitionsPath,
  topicPath,
} from '@biquorum/kafka-znodes';
import type { BrokerEpoch, NodeId, SecurityProtocol } from '@biquorum/metadata';
import { MultiError, type Operation, type WatchHandler, type ZooKeeperClient } from '@biquorum/zookeeper-client';
import { unlessMissing, untilAnswered } from '../until-answered.ts';
import type { LiveBroker, Topic } from './context.ts';
import { type FencedWrites, failedWith, inChunks, pipelined } from './fenced-writes.ts';

/** Everything of the cluster's znodes that a controller reads and writes, apart from the states of partitions. */
export class ClusterZnodes {
  readonly #session: ZooKeeperClient;
  readonly #writes: FencedWrites;

  constructor(session: ZooKeeperClient, writes: FencedWrites) {
    this.#session = session;
    this.#writes = writes;
  }

  /** Names below a path, none where the path is missing. */
  async children(path: string, watch?: WatchHandler): Promise<readonly string[]> {
    const node = await unlessMissing(untilAnswered(this.#session, () => this.#session.getChildren(path, watch)));
    return node?.children ?? [];
  }

  /** Data of a node; undefined where there is none. A watch also waits for its creation. */
  async data(path: string, watch?: WatchHandler): Promise<Uint8Array | null | undefined> {
    if (watch !== undefined) {
      const stat = await untilAnswered(this.#session, () => this.#session.exists(path, watch));
      if (stat === undefined) return undefined;
    }
    return (await unlessMissing(untilAnswered(this.#session, () => this.#session.getData(path))))?.data;
  }

  /** The brokers that are registered. @param changed told of each when its registration changes */
  async brokers(watch?: WatchHandler): Promise<LiveBroker[]> {
    const ids = await this.children(PATHS.brokerIds, watch);
    const brokers = await pipelined(ids, (id) => this.broker(Number(id) as NodeId));
    return brokers.filter((broker) => broker !== undefined);
  }

  /** A broker as it is registered. @param watch told once of a change of its registration */
  async broker(id: NodeId, watch?: WatchHandler): Promise<LiveBroker | undefined> {
    const path = brokerIdPath(id);
    const node = await unlessMissing(untilAnswered(this.#session, () => this.#session.getData(path, watch)));
    if (node === undefined) return undefined;
    const { endpoints, rack, features } = decodeBrokerRegistration(node.data);
    return {
      id,
      epoch: node.stat.czxid as BrokerEpoch,
      rack,
      features,
      endpoints: endpoints.map((endpoint) => ({
        ...endpoint,
        securityProtocol: endpoint.securityProtocol as SecurityProtocol,
      })),
    };
  }

  /** Assignments of topics; a topic that is gone is left out. @param watch told once of a change of one of them */
  async assignments(topics: readonly string[], watch?: WatchHandler): Promise<Map<string, TopicAssignment>> {
    const found = await pipelined(topics, async (name) => {
      const path = topicPath(name);
      const node = await unlessMissing(untilAnswered(this.#session, () => this.#session.getData(path, watch)));
      return node === undefined ? undefined : ([name, decodeTopicAssignment(node.data)] as const);
    });
    return new Map(found.filter((one) => one !== undefined));
  }

  /** Writes where a topic's replicas are and are to be, as the context has it and with what `changed` adds and replaces. */
  async writeAssignment(topic: Topic, changed: TopicAssignment['partitions'] = new Map()): Promise<void> {
    const present = [...topic.partitions.values()].map(({ index, assignment }) => [index, assignment] as const);
    const partitions = [...new Map([...present, ...changed])].sort(([a], [b]) => a - b);
    await this.writeTopic(topic.name, { topicId: topic.id, partitions: new Map(partitions) });
  }

  /** Writes a topic's assignment as given: for a topic that gets its id. */
  async writeTopic(name: string, assignment: TopicAssignment): Promise<void> {
    const data = encodeTopicAssignment(assignment);
    await this.#writes.writeOne({ op: 'setData', path: topicPath(name), data, version: -1 });
  }

  /** Removes a topic, its configuration and the wish to delete it, in this order. Source: Java `ControllerDeletionClient`. */
  async deleteTopic(name: string): Promise<void> {
    const partitions = await this.children(topicPartitionsPath(name));
    await inChunks(partitions, PARTITIONS_PER_MULTI, async (chunk) => {
      const operations = chunk.flatMap((index) => [
        removal(partitionStatePath(name, Number(index))),
        removal(partitionPath(name, Number(index))),
      ]);
      await this.#writes.write(operations).catch(ifMulti);
      return [];
    });
    // Whatever the multis have left, nodes that no Kafka has written among them.
    await this.#deleteRecursively(topicPath(name));
    await this.#delete(entityPath('topics', name));
    await this.#delete(deleteTopicPath(name));
  }

  /** Forgets wishes to delete topics. */
  async forgetDeletions(topics: readonly string[]): Promise<void> {
    await pipelined(topics, (name) => this.#delete(deleteTopicPath(name)));
  }

  /** Removes all nodes below a path. */
  async clear(path: string, names: readonly string[]): Promise<void> {
    await pipelined(names, (name) => this.#delete(`${path}/${name}`));
  }

  /** Removes a node, if it exists. */
  async remove(path: string): Promise<void> {
    await this.#delete(path);
  }

  /** Creates a node, or replaces the data of one that exists. */
  async put(path: string, data: Uint8Array | null): Promise<void> {
    try {
      await this.#writes.writeOne({ op: 'setData', path, data, version: -1 });
    } catch (error) {
      if (!failedWith(error, 'NoNode')) throw error;
      await this.create(path, data);
    }
  }

  /** Creates a node; one that exists stays as it is. @returns Whether it is new */
  async create(path: string, data: Uint8Array | null): Promise<boolean> {
    try {
      await this.#writes.writeOne({ op: 'create', path, data });
      return true;
    } catch (error) {
      if (!failedWith(error, 'NodeExists')) throw error;
      return false;
    }
  }

  /** Replaces data that must have a version. @returns Whether it had */
  async replace(path: string, data: Uint8Array, version: number): Promise<boolean> {
    try {
      await this.#writes.writeOne({ op: 'setData', path, data, version });
      return true;
    } catch (error) {
      if (!failedWith(error, 'BadVersion')) throw error;
      return false;
    }
  }

  /** Data with its version. */
  async versioned(path: string): Promise<{ readonly data: Uint8Array | null; readonly version: number } | undefined> {
    const node = await unlessMissing(untilAnswered(this.#session, () => this.#session.getData(path)));
    return node === undefined ? undefined : { data: node.data, version: node.stat.version };
  }

  async #delete(path: string): Promise<void> {
    await this.#writes.writeOne(removal(path)).catch((error: unknown) => {
      if (!failedWith(error, 'NoNode')) throw error;
    });
  }

  async #deleteRecursively(path: string): Promise<void> {
    for (;;) {
      try {
        await this.#delete(path);
        return;
      } catch (error) {
        if (!failedWith(error, 'NotEmpty')) throw error;
        const names = await this.children(path);
        await pipelined(names, (name) => this.#deleteRecursively(`${path}/${name}`));
      }
    }
  }
}

const PARTITIONS_PER_MULTI = 200;

function removal(path: string): Operation {
  return { op: 'delete', path, version: -1 };
}

function ifMulti(error: unknown): void {
  if (!(error instanceof MultiError)) throw error;
}
