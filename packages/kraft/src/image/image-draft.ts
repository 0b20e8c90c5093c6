import type {
  AccessControlEntryRecord,
  BrokerRegistrationChangeRecord,
  ClientQuotaRecord,
  ConfigRecord,
  DelegationTokenRecord,
  FeatureLevelRecord,
  MetadataRecord,
  PartitionChangeRecord,
  PartitionRecord,
  RegisterBrokerRecord,
  RegisterControllerRecord,
  RemoveTopicRecord,
  UserScramCredentialRecord,
} from '@biquorum/kafka-wire/metadata-records';
import {
  type BrokerEpoch,
  type ClusterDelta,
  type ConfigResource,
  type Endpoint,
  type FeatureRange,
  type LeaderEpoch,
  type NodeId,
  type NodeLists,
  type PartitionEpoch,
  type PartitionState,
  type PersistentMap,
  type PersistentMapDraft,
  ViewDraft,
} from '@biquorum/metadata';
import { assert } from '@biquorum/std';
import { configTypeOf } from './config-types.ts';
import { type ClientQuotas, MetadataImage, type PendingRecord, quotaKey, scramKey } from './image.ts';
import { METADATA_VERSION, metadataVersionOf } from './metadata-version.ts';
import { type BrokerRegistration, type ControllerRegistration, securityProtocolOf } from './registrations.ts';

/**
 * Replays records onto an image. It is the one place that says what a record means: the active controller, its standbys,
 * a restarted node and every broker go through here.
 *
 * Records of a metadata transaction are kept aside and take effect at its end; an aborted one leaves nothing (KIP-868).
 * Source: Java `MetadataDelta` and the replay methods of the controller's managers.
 */
export class ImageDraft {
  readonly #view: ViewDraft;
  readonly #maps: DraftMaps;
  #nextProducerId: number;
  #zkMigrationState: number;
  #transaction: PendingRecord[] | null;
  /** Partitions that came before those of smaller numbers. */
  readonly #early: Map<string, Map<number, PartitionState>> = new Map();

  /** @param lists shared by all drafts of one chain, so that equal lists of replicas are kept once */
  constructor(base: MetadataImage, lists?: NodeLists) {
    this.#view = new ViewDraft(base.view, lists);
    this.#maps = new DraftMaps(base);
    this.#nextProducerId = base.nextProducerId;
    this.#zkMigrationState = base.zkMigrationState;
    this.#transaction = base.transaction === null ? null : [...base.transaction];
  }

  /**
   * @param offset where in the log the record stands; for a record of a snapshot the snapshot's last offset
   * @throws AssertionError when the record does not fit what has been replayed: the log is not one that a controller
   *   has written
   */
  replay(record: MetadataRecord, offset: number): void {
    switch (record.type) {
      case 'BeginTransactionRecord':
        assert(this.#transaction === null, () => `a transaction begins at offset ${offset} within another one`);
        this.#transaction = [];
        return;
      case 'EndTransactionRecord': {
        const pending = this.#transaction;
        assert(pending !== null, () => `a transaction ends at offset ${offset} that never began`);
        this.#transaction = null;
        for (const kept of pending) this.#apply(kept.record, kept.offset);
        return;
      }
      case 'AbortTransactionRecord':
        assert(this.#transaction !== null, () => `a transaction is aborted at offset ${offset} that never began`);
        this.#transaction = null;
        return;
      default:
        if (this.#transaction === null) this.#apply(record, offset);
        else this.#transaction.push({ record, offset });
    }
  }

  /** Is a metadata transaction open after what has been replayed so far? */
  get inTransaction(): boolean {
    return this.#transaction !== null;
  }

  /**
   * The next image.
   *
   * @param endOffset offset after the last record replayed
   * @param epoch of that record's batch
   */
  finish(endOffset: number, epoch: number): { readonly image: MetadataImage; readonly delta: ClusterDelta } {
    for (const [topic, partitions] of this.#early) {
      assert(partitions.size === 0, () => `topic ${topic} has gaps before partitions ${[...partitions.keys()].join()}`);
    }
    this.#view.setFeaturesEpoch(endOffset - 1);
    const { view, delta } = this.#view.finish();
    const image = new MetadataImage({
      view,
      ...this.#maps.finish(),
      nextProducerId: this.#nextProducerId,
      zkMigrationState: this.#zkMigrationState,
      transaction: this.#transaction,
      endOffset,
      epoch,
    });
    return { image, delta };
  }

  /** From now on a topic's absence means that it does not exist. */
  setComplete(): void {
    this.#view.setComplete();
  }

  #apply(record: MetadataRecord, offset: number): void {
    const maps = this.#maps;
    switch (record.type) {
      case 'PartitionChangeRecord':
        return this.#changePartition(record.record);
      case 'PartitionRecord':
        return this.#setPartition(record.record);
      case 'TopicRecord':
        return this.#view.createTopic(record.record.name, record.record.topicId);
      case 'RemoveTopicRecord':
        return this.#removeTopic(record.record);
      case 'ConfigRecord':
        return this.#setConfig(record.record);
      case 'FeatureLevelRecord':
        return this.#setFeature(record.record);
      case 'RegisterBrokerRecord':
        return this.#setBroker(brokerOf(record.record, offset));
      case 'UnregisterBrokerRecord': {
        const { brokerId, brokerEpoch } = record.record;
        this.#broker(brokerId, brokerEpoch);
        maps.brokers.delete(brokerId);
        return this.#view.removeBroker(brokerId as NodeId);
      }
      case 'BrokerRegistrationChangeRecord':
        return this.#changeBroker(record.record);
      case 'FenceBrokerRecord':
        return this.#setBroker({ ...this.#broker(record.record.id, record.record.epoch), fenced: true });
      case 'UnfenceBrokerRecord':
        return this.#setBroker({ ...this.#broker(record.record.id, record.record.epoch), fenced: false });
      case 'RegisterControllerRecord':
        return maps.controllers.set(record.record.controllerId, controllerOf(record.record));
      case 'ClientQuotaRecord':
        return this.#setQuota(record.record);
      case 'ProducerIdsRecord':
        this.#nextProducerId = record.record.nextProducerId;
        return;
      case 'ZkMigrationStateRecord':
        this.#zkMigrationState = record.record.zkMigrationState;
        return;
      case 'AccessControlEntryRecord':
        return maps.acls.set(record.record.id, record.record);
      case 'RemoveAccessControlEntryRecord':
        maps.acls.delete(record.record.id);
        return;
      case 'UserScramCredentialRecord':
        return maps.scram.set(scramKey(record.record.mechanism, record.record.name), record.record);
      case 'RemoveUserScramCredentialRecord':
        maps.scram.delete(scramKey(record.record.mechanism, record.record.name));
        return;
      case 'DelegationTokenRecord':
        return maps.tokens.set(record.record.tokenId, record.record);
      case 'RemoveDelegationTokenRecord':
        maps.tokens.delete(record.record.tokenId);
        return;
      case 'NoOpRecord':
      case 'BeginTransactionRecord':
      case 'EndTransactionRecord':
      case 'AbortTransactionRecord':
        return;
      default:
        record satisfies never;
    }
  }

  #setPartition(record: PartitionRecord): void {
    const name = this.#topicName(record.topicId, record.partitionId);
    const state: PartitionState = {
      leader: record.leader as NodeId,
      leaderEpoch: record.leaderEpoch as LeaderEpoch,
      partitionEpoch: record.partitionEpoch as PartitionEpoch,
      replicas: record.replicas as readonly NodeId[],
      isr: record.isr as readonly NodeId[],
      adding: record.addingReplicas as readonly NodeId[],
      removing: record.removingReplicas as readonly NodeId[],
      offline: null,
      recovering: record.leaderRecoveryState === 1,
      directories: record.directories.length === 0 ? null : record.directories,
    };
    const count = this.#view.partitionCount(name);
    const early = this.#early.get(name);
    if (record.partitionId > count) {
      if (early === undefined) this.#early.set(name, new Map([[record.partitionId, state]]));
      else early.set(record.partitionId, state);
      return;
    }
    this.#view.setPartition(name, record.partitionId, state);
    if (early === undefined) return;
    for (let next = record.partitionId + 1; early.has(next); next++) {
      this.#view.setPartition(name, next, early.get(next) as PartitionState);
      early.delete(next);
    }
  }

  #changePartition(change: PartitionChangeRecord): void {
    const { partitionId } = change;
    const name = this.#topicName(change.topicId, partitionId);
    const state = this.#view.partition(name, partitionId);
    assert(state !== undefined, () => `partition ${name}-${partitionId} changes but was never created`);
    this.#view.setPartition(name, partitionId, mergePartition(state, change));
  }

  #removeTopic({ topicId }: RemoveTopicRecord): void {
    const name = this.#view.topicName(topicId);
    assert(name !== undefined, () => `topic ${topicId} is removed but was never created`);
    this.#view.deleteTopic(name);
    this.#early.delete(name);
    const resource: ConfigResource = { type: 'topic', name };
    if (this.#view.configOf(resource).size > 0) this.#view.setConfig(resource, new Map());
  }

  #setConfig({ resourceType, resourceName, name, value }: ConfigRecord): void {
    const type = configTypeOf(resourceType);
    assert(type !== undefined, () => `a configuration of unknown resource type ${resourceType}`);
    const resource: ConfigResource = { type, name: resourceName };
    const values = new Map(this.#view.configOf(resource));
    if (value === null) values.delete(name);
    else values.set(name, value);
    this.#view.setConfig(resource, values);
  }

  #setFeature({ name, featureLevel }: FeatureLevelRecord): void {
    const { levels: before, protocolVersion } = this.#view.featuresNow();
    const levels = new Map(before);
    if (name !== METADATA_VERSION) {
      if (featureLevel === 0) levels.delete(name);
      else levels.set(name, featureLevel);
      this.#view.setFeatures({ levels, epoch: -1 }, protocolVersion);
      return;
    }
    const version = metadataVersionOf(featureLevel);
    assert(version !== undefined, () => `the log is written at metadata.version ${featureLevel}; upgrade this node`);
    levels.set(name, featureLevel);
    this.#view.setFeatures({ levels, epoch: -1 }, version.name);
  }

  #changeBroker(change: BrokerRegistrationChangeRecord): void {
    const { brokerId, brokerEpoch, fenced, inControlledShutdown, logDirs } = change;
    const broker = this.#broker(brokerId, brokerEpoch);
    this.#setBroker({
      ...broker,
      fenced: fenced === 0 ? broker.fenced : fenced === 1,
      shuttingDown: broker.shuttingDown || inControlledShutdown === 1,
      directories: logDirs.length === 0 ? broker.directories : logDirs,
    });
  }

  #setQuota({ entity, key, value, remove }: ClientQuotaRecord): void {
    const id = quotaKey(entity);
    const limits = new Map(this.#maps.quotas.get(id)?.limits);
    if (remove) limits.delete(key);
    else limits.set(key, value);
    if (limits.size === 0) this.#maps.quotas.delete(id);
    else this.#maps.quotas.set(id, { entity, limits } satisfies ClientQuotas);
  }

  #setBroker(broker: BrokerRegistration): void {
    this.#maps.brokers.set(broker.id, broker);
    this.#view.setBroker(broker);
  }

  #broker(id: number, epoch: number): BrokerRegistration {
    const broker = this.#maps.brokers.get(id);
    assert(
      broker?.epoch === epoch,
      () => `broker ${id} changes at epoch ${epoch} but is registered at ${broker?.epoch ?? 'none'}`,
    );
    return broker;
  }

  #topicName(id: PartitionRecord['topicId'], partition: number): string {
    const name = this.#view.topicName(id);
    assert(name !== undefined, () => `partition ${partition} of topic ${id} changes but the topic was never created`);
    return name;
  }
}

/**
 * A partition after a change: what is absent stays, the partition epoch rises, and with a leader in the record the
 * leader epoch too, even if it is the same leader. Source: Java `PartitionRegistration.merge`.
 */
export function mergePartition(state: PartitionState, change: PartitionChangeRecord): PartitionState {
  const elects = change.leader !== NO_LEADER_CHANGE;
  const replicas = (change.replicas as readonly NodeId[] | null) ?? state.replicas;
  const directories = change.directories ?? state.directories;
  return {
    leader: elects ? (change.leader as NodeId) : state.leader,
    leaderEpoch: (elects ? state.leaderEpoch + 1 : state.leaderEpoch) as LeaderEpoch,
    partitionEpoch: (state.partitionEpoch + 1) as PartitionEpoch,
    replicas,
    isr: (change.isr as readonly NodeId[] | null) ?? state.isr,
    adding: (change.addingReplicas as readonly NodeId[] | null) ?? state.adding,
    removing: (change.removingReplicas as readonly NodeId[] | null) ?? state.removing,
    offline: null,
    recovering: change.leaderRecoveryState === -1 ? state.recovering : change.leaderRecoveryState === 1,
    // A change of the replicas by a controller that knows no directories leaves none of them known.
    directories: directories !== null && directories.length === replicas.length ? directories : null,
  };
}

/** In a PartitionChangeRecord: the leader stays, and with it the leader epoch. */
export const NO_LEADER_CHANGE = -2;

class DraftMaps {
  readonly brokers: LazyDraft<number, BrokerRegistration>;
  readonly controllers: LazyDraft<number, ControllerRegistration>;
  readonly quotas: LazyDraft<string, ClientQuotas>;
  readonly scram: LazyDraft<string, UserScramCredentialRecord>;
  readonly acls: LazyDraft<string, AccessControlEntryRecord>;
  readonly tokens: LazyDraft<string, DelegationTokenRecord>;

  constructor(base: MetadataImage) {
    this.brokers = new LazyDraft(base.brokers);
    this.controllers = new LazyDraft(base.controllers);
    this.quotas = new LazyDraft(base.quotas);
    this.scram = new LazyDraft(base.scram);
    this.acls = new LazyDraft(base.acls);
    this.tokens = new LazyDraft(base.tokens);
  }

  finish(): Pick<MetadataImage, 'brokers' | 'controllers' | 'quotas' | 'scram' | 'acls' | 'tokens'> {
    return {
      brokers: this.brokers.finish(),
      controllers: this.controllers.finish(),
      quotas: this.quotas.finish(),
      scram: this.scram.finish(),
      acls: this.acls.finish(),
      tokens: this.tokens.finish(),
    };
  }
}

/** A map that is copied when it is first written to. */
class LazyDraft<K extends string | number, V> {
  readonly #base: PersistentMap<K, V>;
  #draft: PersistentMapDraft<K, V> | undefined;

  constructor(base: PersistentMap<K, V>) {
    this.#base = base;
  }

  get(key: K): V | undefined {
    return this.#draft === undefined ? this.#base.get(key) : this.#draft.get(key);
  }

  set(key: K, value: V): void {
    this.#draft ??= this.#base.edit();
    this.#draft.set(key, value);
  }

  delete(key: K): void {
    this.#draft ??= this.#base.edit();
    this.#draft.delete(key);
  }

  finish(): PersistentMap<K, V> {
    return this.#draft?.finish() ?? this.#base;
  }
}

function brokerOf(record: RegisterBrokerRecord, offset: number): BrokerRegistration {
  return {
    id: record.brokerId as NodeId,
    epoch: record.brokerEpoch as BrokerEpoch,
    incarnationId: record.incarnationId,
    endpoints: endpointsOf(record.endPoints),
    features: rangesOf(record.features),
    rack: record.rack,
    fenced: record.fenced,
    shuttingDown: record.inControlledShutdown,
    directories: record.logDirs,
    isMigratingZkBroker: record.isMigratingZkBroker,
    registeredAt: offset,
  };
}

function controllerOf(record: RegisterControllerRecord): ControllerRegistration {
  return {
    id: record.controllerId as NodeId,
    incarnationId: record.incarnationId,
    zkMigrationReady: record.zkMigrationReady,
    endpoints: endpointsOf(record.endPoints),
    features: rangesOf(record.features),
  };
}

function endpointsOf(endpoints: RegisterBrokerRecord['endPoints']): Endpoint[] {
  return endpoints.map(({ name, host, port, securityProtocol }) => {
    const protocol = securityProtocolOf(securityProtocol);
    assert(protocol !== undefined, () => `listener ${name} has unknown security protocol ${securityProtocol}`);
    return { listener: name, host, port, securityProtocol: protocol };
  });
}

function rangesOf(features: RegisterBrokerRecord['features']): Map<string, FeatureRange> {
  return new Map(
    features.map(({ name, minSupportedVersion, maxSupportedVersion }) => [
      name,
      { min: minSupportedVersion, max: maxSupportedVersion },
    ]),
  );
}
