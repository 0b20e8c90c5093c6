import type { Uuid } from '@biquorum/kafka-wire';
import type { MetadataRecordInit, PartitionRecord, RegisterBrokerRecord } from '@biquorum/kafka-wire/metadata-records';
import type { ConfigResourceType, Endpoint, FeatureRange, PartitionState, TopicView } from '@biquorum/metadata';
import type { VersionedRecord } from '../journal.ts';
import { configTypeCode } from './config-types.ts';
import { DIRECTORY_MIGRATING } from './directory-ids.ts';
import type { MetadataImage } from './image.ts';
import { METADATA_VERSION, partitionVersion, registerBrokerVersion, since } from './metadata-version.ts';
import { type BrokerRegistration, type ControllerRegistration, securityProtocolCode } from './registrations.ts';

/** The records of a snapshot, at the versions of the image's level. See `MetadataImage.records`. */
export function* snapshotRecords(image: MetadataImage): IterableIterator<VersionedRecord> {
  const level = image.metadataLevel;
  yield* featureRecords(image, level);
  for (const broker of byKey(image.brokers)) yield brokerRecord(broker, level);
  if (level >= since.controllerRegistration) {
    for (const controller of byKey(image.controllers)) yield controllerRecord(controller);
  }
  for (const topic of image.view.topics.values()) yield* topicRecords(topic, level);
  for (const [key, values] of image.view.fields.configs) {
    const split = key.indexOf('/');
    const resourceType = configTypeCode(key.slice(0, split) as ConfigResourceType);
    const resourceName = key.slice(split + 1);
    for (const [name, value] of values) {
      yield first({ type: 'ConfigRecord', record: { resourceType, resourceName, name, value } });
    }
  }
  for (const { entity, limits } of image.quotas.values()) {
    for (const [key, value] of limits) {
      yield first({ type: 'ClientQuotaRecord', record: { entity, key, value, remove: false } });
    }
  }
  if (image.nextProducerId >= 0) {
    const record = { brokerId: -1, brokerEpoch: -1, nextProducerId: image.nextProducerId };
    yield first({ type: 'ProducerIdsRecord', record });
  }
  for (const record of image.acls.values()) yield first({ type: 'AccessControlEntryRecord', record });
  for (const record of image.scram.values()) yield first({ type: 'UserScramCredentialRecord', record });
  for (const record of image.tokens.values()) yield first({ type: 'DelegationTokenRecord', record });
  if (image.transaction !== null) {
    // What comes after the snapshot's offset ends or aborts it.
    yield first({ type: 'BeginTransactionRecord', record: { name: null } });
    for (const { record } of image.transaction) yield { message: record, version: record.version };
  }
}

/** A partition's whole state as a record. Source: Java `PartitionRegistration.toRecord`. */
export function partitionRecordOf(topicId: Uuid, index: number, state: PartitionState, level: number): PartitionRecord {
  return {
    partitionId: index,
    topicId,
    replicas: state.replicas,
    isr: state.isr,
    removingReplicas: state.removing,
    addingReplicas: state.adding,
    leader: state.leader,
    leaderRecoveryState: state.recovering ? 1 : 0,
    leaderEpoch: state.leaderEpoch,
    partitionEpoch: state.partitionEpoch,
    directories: level < since.directories ? [] : directoriesOf(state),
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  };
}

function* featureRecords(image: MetadataImage, level: number): IterableIterator<VersionedRecord> {
  if (level >= since.featureLevels) {
    yield first({ type: 'FeatureLevelRecord', record: { name: METADATA_VERSION, featureLevel: level } });
    for (const [name, featureLevel] of image.view.features.levels) {
      if (name !== METADATA_VERSION) yield first({ type: 'FeatureLevelRecord', record: { name, featureLevel } });
    }
  }
  if (level >= since.migration) {
    yield first({ type: 'ZkMigrationStateRecord', record: { zkMigrationState: image.zkMigrationState } });
  }
}

function* topicRecords(topic: TopicView, level: number): IterableIterator<VersionedRecord> {
  yield first({ type: 'TopicRecord', record: { name: topic.name, topicId: topic.id } });
  const version = partitionVersion(level);
  for (let index = 0; index < topic.partitionCount; index++) {
    const record = partitionRecordOf(topic.id, index, topic.partition(index) as PartitionState, level);
    yield { message: { type: 'PartitionRecord', record }, version };
  }
}

function brokerRecord(broker: BrokerRegistration, level: number): VersionedRecord {
  const record: RegisterBrokerRecord = {
    brokerId: broker.id,
    isMigratingZkBroker: broker.isMigratingZkBroker && level >= since.migration,
    incarnationId: broker.incarnationId,
    brokerEpoch: broker.epoch,
    endPoints: endpointRows(broker.endpoints),
    features: featureRows(broker.features),
    rack: broker.rack,
    fenced: broker.fenced,
    inControlledShutdown: broker.shuttingDown && level >= since.controlledShutdown,
    logDirs: level >= since.directories ? broker.directories : [],
  };
  return { message: { type: 'RegisterBrokerRecord', record }, version: registerBrokerVersion(level) };
}

function controllerRecord(controller: ControllerRegistration): VersionedRecord {
  return first({
    type: 'RegisterControllerRecord',
    record: {
      controllerId: controller.id,
      incarnationId: controller.incarnationId,
      zkMigrationReady: controller.zkMigrationReady,
      endPoints: endpointRows(controller.endpoints),
      features: featureRows(controller.features),
    },
  });
}

function endpointRows(endpoints: readonly Endpoint[]): RegisterBrokerRecord['endPoints'] {
  return endpoints.map(({ listener, host, port, securityProtocol }) => ({
    name: listener,
    host,
    port,
    securityProtocol: securityProtocolCode(securityProtocol),
  }));
}

function featureRows(features: ReadonlyMap<string, FeatureRange>): RegisterBrokerRecord['features'] {
  return [...features].map(([name, { min, max }]) => ({ name, minSupportedVersion: min, maxSupportedVersion: max }));
}

function directoriesOf({ directories, replicas }: PartitionState): readonly Uuid[] {
  return (directories as readonly Uuid[] | null) ?? replicas.map(() => DIRECTORY_MIGRATING);
}

function byKey<V>(map: Iterable<readonly [number, V]>): V[] {
  return [...map].sort(([a], [b]) => a - b).map(([, value]) => value);
}

function first(message: MetadataRecordInit): VersionedRecord {
  return { message, version: 0 };
}
