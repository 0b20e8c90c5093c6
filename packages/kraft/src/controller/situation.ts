import type { Uuid } from '@biquorum/kafka-wire';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { ClusterView, NodeId } from '@biquorum/metadata';
import type { Random } from '@biquorum/platform';
import { DIRECTORY_LOST, DIRECTORY_MIGRATING, DIRECTORY_UNASSIGNED } from '../image/directory-ids.ts';
import type { MetadataImage } from '../image/image.ts';
import { since } from '../image/metadata-version.ts';
import { isActive } from '../image/registrations.ts';
import { ControllerFault } from './fault.ts';
import type { BrokerHeartbeats } from './heartbeats.ts';
import type { ConfigLayers, ConfigRules, ControllerSettings } from './options.ts';

/** What a decision looks at: the state after everything that has been appended, committed or not. */
export interface Situation {
  readonly image: MetadataImage;
  readonly view: ClusterView;
  /** Finalized level of `metadata.version`. */
  readonly level: number;
  readonly nodeId: number;
  readonly settings: ControllerSettings;
  readonly rules: ConfigRules;
  readonly heartbeats: BrokerHeartbeats;
  readonly random: Random;
}

/** What is to be written, and what is answered once it is committed. */
export interface Decision<T> {
  readonly records: readonly MetadataRecord[];
  readonly reply: T;
  /** In one batch or not at all. Otherwise many records are split into several batches. */
  readonly atomic?: boolean;
  /** Replaces records and reply by what they are once the place of the first record is known. */
  readonly at?: (baseOffset: number) => { readonly records: readonly MetadataRecord[]; readonly reply: T };
}

/** As many of the records that something calls for as one batch may have. */
export interface PartialRecords {
  readonly records: readonly MetadataRecord[];
  /** Nothing is left for another one. */
  readonly isWhole: boolean;
}

/** @throws ControllerFault STALE_BROKER_EPOCH unless the broker is registered at this epoch. */
export function checkBrokerEpoch({ image }: Situation, brokerId: number, brokerEpoch: number): void {
  const broker = image.brokers.get(brokerId);
  if (broker === undefined) {
    throw new ControllerFault('STALE_BROKER_EPOCH', `broker ${brokerId} is not registered; register it first`);
  }
  if (broker.epoch !== brokerEpoch) {
    const message = `broker ${brokerId} is registered at epoch ${broker.epoch}, not ${brokerEpoch}`;
    throw new ControllerFault('STALE_BROKER_EPOCH', message);
  }
}

/** Is the broker registered, unfenced and not shutting down. */
export function isActiveBroker({ image }: Situation, id: NodeId): boolean {
  return isActive(image.brokers.get(id));
}

/** Does the broker still have this directory. Where either side does not say, it does. Source: Java `DirectoryId.isOnline`. */
export function hasOnlineDirectory({ image }: Situation, brokerId: NodeId, directory: Uuid): boolean {
  const broker = image.brokers.get(brokerId);
  if (broker === undefined) return false;
  if (directory === DIRECTORY_UNASSIGNED || directory === DIRECTORY_MIGRATING) return true;
  if (directory === DIRECTORY_LOST) return false;
  return broker.directories.length === 0 || broker.directories.includes(directory);
}

/** Where a new replica lies: in the broker's only directory, or where the broker will choose. */
export function defaultDirectory({ image, level }: Situation, brokerId: NodeId): Uuid {
  if (level < since.directories) return DIRECTORY_MIGRATING;
  const broker = image.brokers.get(brokerId);
  if (broker === undefined) return DIRECTORY_UNASSIGNED;
  const [only, another] = broker.directories;
  if (only === undefined) return DIRECTORY_MIGRATING;
  return another === undefined ? only : DIRECTORY_UNASSIGNED;
}

/** The dynamic configuration that is in force for a topic, layer by layer. */
export function configLayers({ view, nodeId }: Situation, topic: string): ConfigLayers {
  return {
    topic: view.configOf({ type: 'topic', name: topic }),
    node: view.configOf({ type: 'broker', name: String(nodeId) }),
    cluster: view.configOf({ type: 'broker', name: '' }),
  };
}

/** May a partition of the topic be given to a replica that is not in sync. */
export function isUncleanElectionAllowed(situation: Situation, topic: string): boolean {
  const key = 'unclean.leader.election.enable';
  const { topic: own, node, cluster } = configLayers(situation, topic);
  const value = own.get(key) ?? node.get(key) ?? cluster.get(key) ?? situation.rules.staticTopicValue(key);
  return value?.toLowerCase() === 'true';
}
