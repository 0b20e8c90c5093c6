import type {
  AccessControlEntryRecord,
  ClientQuotaRecordEntityData,
  DelegationTokenRecord,
  MetadataRecord,
  UserScramCredentialRecord,
} from '@biquorum/kafka-wire/metadata-records';
import { ClusterView, emptyView, PersistentMap } from '@biquorum/metadata';
import type { VersionedRecord } from '../journal.ts';
import { snapshotRecords } from './image-records.ts';
import { METADATA_VERSION, MINIMUM_METADATA_LEVEL } from './metadata-version.ts';
import type { BrokerRegistration, ControllerRegistration } from './registrations.ts';

/** The limits of one client, user or address, or of a combination of them. */
export interface ClientQuotas {
  readonly entity: readonly ClientQuotaRecordEntityData[];
  readonly limits: ReadonlyMap<string, number>;
}

/** A record of a metadata transaction that is still open. */
export interface PendingRecord {
  readonly record: MetadataRecord;
  /** Where it stands in the log. */
  readonly offset: number;
}

/** The fields of a {@link MetadataImage}. */
export interface MetadataImageFields {
  readonly view: ClusterView;
  readonly brokers: PersistentMap<number, BrokerRegistration>;
  readonly controllers: PersistentMap<number, ControllerRegistration>;
  readonly quotas: PersistentMap<string, ClientQuotas>;
  readonly scram: PersistentMap<string, UserScramCredentialRecord>;
  readonly acls: PersistentMap<string, AccessControlEntryRecord>;
  readonly tokens: PersistentMap<string, DelegationTokenRecord>;
  readonly nextProducerId: number;
  readonly zkMigrationState: number;
  readonly transaction: readonly PendingRecord[] | null;
  readonly endOffset: number;
  readonly epoch: number;
}

/**
 * The metadata of a cluster after some offset of its log; immutable.
 *
 * Everything that the records of 3.9 can say is here: what brokers look at stands in `view`, the rest beside it. Images
 * share what they have in common, so that keeping several costs little.
 */
export class MetadataImage implements MetadataImageFields {
  /** What brokers see of it. */
  readonly view: ClusterView;
  /** Registered brokers, fenced ones included. */
  readonly brokers: PersistentMap<number, BrokerRegistration>;
  readonly controllers: PersistentMap<number, ControllerRegistration>;
  /** By {@link quotaKey}. */
  readonly quotas: PersistentMap<string, ClientQuotas>;
  /** By {@link scramKey}. */
  readonly scram: PersistentMap<string, UserScramCredentialRecord>;
  /** By id. */
  readonly acls: PersistentMap<string, AccessControlEntryRecord>;
  /** By token id. */
  readonly tokens: PersistentMap<string, DelegationTokenRecord>;
  /** First producer id that no broker has been given; −1 before the first block. */
  readonly nextProducerId: number;
  /** 0 none, 1 migration, 2 pre-migration, 3 post-migration. */
  readonly zkMigrationState: number;
  /** What an open metadata transaction has written so far, without effect yet; null outside of one (KIP-868). */
  readonly transaction: readonly PendingRecord[] | null;
  /** Offset after the last record that has been replayed. */
  readonly endOffset: number;
  /** Epoch of the batch of that record; −1 before the first. */
  readonly epoch: number;

  constructor(fields: MetadataImageFields) {
    this.view = fields.view;
    this.brokers = fields.brokers;
    this.controllers = fields.controllers;
    this.quotas = fields.quotas;
    this.scram = fields.scram;
    this.acls = fields.acls;
    this.tokens = fields.tokens;
    this.nextProducerId = fields.nextProducerId;
    this.zkMigrationState = fields.zkMigrationState;
    this.transaction = fields.transaction;
    this.endOffset = fields.endOffset;
    this.epoch = fields.epoch;
  }

  /** The image of an empty log. */
  static empty(clusterId: string): MetadataImage {
    return new MetadataImage({
      view: new ClusterView({ ...emptyView(clusterId).fields, controller: 'any-broker' }),
      brokers: PersistentMap.empty(),
      controllers: PersistentMap.empty(),
      quotas: PersistentMap.empty(),
      scram: PersistentMap.empty(),
      acls: PersistentMap.empty(),
      tokens: PersistentMap.empty(),
      nextProducerId: -1,
      zkMigrationState: 0,
      transaction: null,
      endOffset: 0,
      epoch: -1,
    });
  }

  /** The finalized level of `metadata.version`; the lowest of all while none is finalized. */
  get metadataLevel(): number {
    return this.view.features.levels.get(METADATA_VERSION) ?? MINIMUM_METADATA_LEVEL;
  }

  /**
   * The records that make this image out of an empty one, in the order of Apache's snapshots: features, brokers,
   * controllers, topics, configurations, quotas, producer ids, ACLs, SCRAM credentials, delegation tokens.
   *
   * Source: Java `MetadataImage.write`.
   */
  records(): Iterable<VersionedRecord> {
    return snapshotRecords(this);
  }
}

/** One key for one mechanism and user. */
export function scramKey(mechanism: number, user: string): string {
  return `${mechanism}/${user}`;
}

/** One key for one combination of user, client and address. */
export function quotaKey(entity: readonly ClientQuotaRecordEntityData[]): string {
  const parts = entity.map(({ entityType, entityName }) => JSON.stringify([entityType, entityName]));
  return parts.sort().join();
}
