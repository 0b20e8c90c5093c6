import {
  DEFAULT_ENTITY,
  decodeController,
  decodeControllerEpoch,
  decodeEntityConfig,
  decodePartitionState,
  decodeTopicAssignment,
  entityPath,
  entityTypePath,
  PATHS,
  type PartitionAssignment,
  partitionStatePath,
  topicPath,
} from '@biquorum/kafka-znodes';
import type { ConfigResource } from '@biquorum/metadata';
import type { DataTree } from '@biquorum/zookeeper';
import type { DecidedBroker, DecidedCluster, DecidedPartition, DecidedTopic } from '../government.ts';
import { CHROOT } from './plan-zookeeper.ts';

/** Who is elected, by the znodes. */
export interface ElectedController {
  readonly brokerId: number;
  readonly epoch: number;
}

/** What the znodes say at one moment: read once, whatever becomes of them. */
export class ZnodeView implements DecidedCluster {
  readonly brokers: ReadonlyMap<number, DecidedBroker>;
  readonly topics: ReadonlyMap<string, ZnodeTopic>;
  /** Topics that are to go. */
  readonly doomed: readonly string[];
  /** Undefined while nobody is elected. */
  readonly controller: ElectedController | undefined;
  readonly #configs: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor(tree: DataTree) {
    const ids = childrenOf(tree, PATHS.brokerIds).map(Number);
    this.brokers = new Map(ids.map((id) => [id, { id, fenced: false, shuttingDown: false }]));
    const topics = childrenOf(tree, PATHS.topics).map((name) => topicOf(tree, name));
    this.topics = new Map(topics.map((topic) => [topic.name, topic]));
    this.doomed = childrenOf(tree, PATHS.deleteTopics);
    this.controller = controllerOf(tree);
    this.#configs = new Map(
      (['topics', 'brokers'] as const).flatMap((type) =>
        childrenOf(tree, entityTypePath(type)).map((entity): [string, ReadonlyMap<string, string>] => [
          `${type}/${entity}`,
          decodeEntityConfig(dataOf(tree, entityPath(type, entity)) ?? null),
        ]),
      ),
    );
  }

  configOf({ type, name }: ConfigResource): ReadonlyMap<string, string> {
    return this.#configs.get(type === 'topic' ? `topics/${name}` : `brokers/${name || DEFAULT_ENTITY}`) ?? NO_CONFIG;
  }
}

/** A topic as its znodes have it. */
export class ZnodeTopic implements DecidedTopic {
  readonly name: string;
  readonly id: string;
  readonly #partitions: readonly DecidedPartition[];

  constructor(name: string, id: string, partitions: readonly DecidedPartition[]) {
    this.name = name;
    this.id = id;
    this.#partitions = partitions;
  }

  get partitionCount(): number {
    return this.#partitions.length;
  }

  partition(index: number): DecidedPartition | undefined {
    return this.#partitions[index];
  }
}

/** The data of a znode of the cluster; undefined when there is none. */
export function dataOf(tree: DataTree, path: string): Uint8Array | null | undefined {
  return tree.data(`${CHROOT}${path}`)?.data;
}

const NO_CONFIG: ReadonlyMap<string, string> = new Map();

function childrenOf(tree: DataTree, path: string): readonly string[] {
  return [...(tree.children(`${CHROOT}${path}`) ?? [])].sort();
}

function controllerOf(tree: DataTree): ElectedController | undefined {
  const [controller, epoch] = [dataOf(tree, PATHS.controller), dataOf(tree, PATHS.controllerEpoch)];
  if (controller === undefined || epoch === undefined) return undefined;
  return { brokerId: decodeController(controller).brokerId, epoch: decodeControllerEpoch(epoch) };
}

function topicOf(tree: DataTree, name: string): ZnodeTopic {
  const { topicId, partitions } = decodeTopicAssignment(dataOf(tree, topicPath(name)) ?? null);
  const rows = [...partitions].map(([index, assignment]) => partitionOf(tree, name, index, assignment));
  return new ZnodeTopic(name, topicId ?? '', rows);
}

/** Nobody leads while there is no state yet. */
function partitionOf(tree: DataTree, topic: string, index: number, assignment: PartitionAssignment): DecidedPartition {
  const path = partitionStatePath(topic, index);
  const data = dataOf(tree, path);
  const state = data === undefined ? { leader: -1, leaderEpoch: -1, isr: [] } : decodePartitionState(data);
  const partitionEpoch = tree.stat(`${CHROOT}${path}`)?.version ?? -1;
  const { leader, leaderEpoch, isr } = state;
  return { ...assignment, leader, leaderEpoch, isr, partitionEpoch };
}
