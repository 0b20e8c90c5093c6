// Made by scripts/generate.ts from the tables of the folder. Change the tables, then run: pnpm generate
import type { MessageCodec } from '../../codec/message-codec.ts';
import {
  accessControlEntryRecord,
  type AccessControlEntryRecord,
  removeAccessControlEntryRecord,
  type RemoveAccessControlEntryRecord,
} from './access-control.ts';
import {
  registerBrokerRecord,
  type RegisterBrokerRecord,
  unregisterBrokerRecord,
  type UnregisterBrokerRecord,
  brokerRegistrationChangeRecord,
  type BrokerRegistrationChangeRecord,
  fenceBrokerRecord,
  type FenceBrokerRecord,
  unfenceBrokerRecord,
  type UnfenceBrokerRecord,
} from './brokers.ts';
import {
  configRecord,
  type ConfigRecord,
  clientQuotaRecord,
  type ClientQuotaRecord,
  featureLevelRecord,
  type FeatureLevelRecord,
} from './configuration.ts';
import {
  registerControllerRecord,
  type RegisterControllerRecord,
  noOpRecord,
  type NoOpRecord,
  zkMigrationStateRecord,
  type ZkMigrationStateRecord,
} from './controllers.ts';
import {
  userScramCredentialRecord,
  type UserScramCredentialRecord,
  removeUserScramCredentialRecord,
  type RemoveUserScramCredentialRecord,
  delegationTokenRecord,
  type DelegationTokenRecord,
  removeDelegationTokenRecord,
  type RemoveDelegationTokenRecord,
} from './credentials.ts';
import {
  producerIdsRecord,
  type ProducerIdsRecord,
} from './producer-ids.ts';
import {
  topicRecord,
  type TopicRecord,
  removeTopicRecord,
  type RemoveTopicRecord,
  partitionRecord,
  type PartitionRecord,
  partitionChangeRecord,
  type PartitionChangeRecord,
} from './topics.ts';
import {
  beginTransactionRecord,
  type BeginTransactionRecord,
  endTransactionRecord,
  type EndTransactionRecord,
  abortTransactionRecord,
  type AbortTransactionRecord,
} from './transactions.ts';

/** A record with the name of its type and the version it was written in. */
export type MetadataRecord =
  | { readonly type: 'AccessControlEntryRecord'; readonly version: number; readonly record: AccessControlEntryRecord }
  | { readonly type: 'RemoveAccessControlEntryRecord'; readonly version: number; readonly record: RemoveAccessControlEntryRecord }
  | { readonly type: 'RegisterBrokerRecord'; readonly version: number; readonly record: RegisterBrokerRecord }
  | { readonly type: 'UnregisterBrokerRecord'; readonly version: number; readonly record: UnregisterBrokerRecord }
  | { readonly type: 'BrokerRegistrationChangeRecord'; readonly version: number; readonly record: BrokerRegistrationChangeRecord }
  | { readonly type: 'FenceBrokerRecord'; readonly version: number; readonly record: FenceBrokerRecord }
  | { readonly type: 'UnfenceBrokerRecord'; readonly version: number; readonly record: UnfenceBrokerRecord }
  | { readonly type: 'ConfigRecord'; readonly version: number; readonly record: ConfigRecord }
  | { readonly type: 'ClientQuotaRecord'; readonly version: number; readonly record: ClientQuotaRecord }
  | { readonly type: 'FeatureLevelRecord'; readonly version: number; readonly record: FeatureLevelRecord }
  | { readonly type: 'RegisterControllerRecord'; readonly version: number; readonly record: RegisterControllerRecord }
  | { readonly type: 'NoOpRecord'; readonly version: number; readonly record: NoOpRecord }
  | { readonly type: 'ZkMigrationStateRecord'; readonly version: number; readonly record: ZkMigrationStateRecord }
  | { readonly type: 'UserScramCredentialRecord'; readonly version: number; readonly record: UserScramCredentialRecord }
  | { readonly type: 'RemoveUserScramCredentialRecord'; readonly version: number; readonly record: RemoveUserScramCredentialRecord }
  | { readonly type: 'DelegationTokenRecord'; readonly version: number; readonly record: DelegationTokenRecord }
  | { readonly type: 'RemoveDelegationTokenRecord'; readonly version: number; readonly record: RemoveDelegationTokenRecord }
  | { readonly type: 'ProducerIdsRecord'; readonly version: number; readonly record: ProducerIdsRecord }
  | { readonly type: 'TopicRecord'; readonly version: number; readonly record: TopicRecord }
  | { readonly type: 'RemoveTopicRecord'; readonly version: number; readonly record: RemoveTopicRecord }
  | { readonly type: 'PartitionRecord'; readonly version: number; readonly record: PartitionRecord }
  | { readonly type: 'PartitionChangeRecord'; readonly version: number; readonly record: PartitionChangeRecord }
  | { readonly type: 'BeginTransactionRecord'; readonly version: number; readonly record: BeginTransactionRecord }
  | { readonly type: 'EndTransactionRecord'; readonly version: number; readonly record: EndTransactionRecord }
  | { readonly type: 'AbortTransactionRecord'; readonly version: number; readonly record: AbortTransactionRecord };

/** The codec of each type of record, by name. */
export const metadataRecordCodecs: {
  readonly AccessControlEntryRecord: MessageCodec<AccessControlEntryRecord>;
  readonly RemoveAccessControlEntryRecord: MessageCodec<RemoveAccessControlEntryRecord>;
  readonly RegisterBrokerRecord: MessageCodec<RegisterBrokerRecord>;
  readonly UnregisterBrokerRecord: MessageCodec<UnregisterBrokerRecord>;
  readonly BrokerRegistrationChangeRecord: MessageCodec<BrokerRegistrationChangeRecord>;
  readonly FenceBrokerRecord: MessageCodec<FenceBrokerRecord>;
  readonly UnfenceBrokerRecord: MessageCodec<UnfenceBrokerRecord>;
  readonly ConfigRecord: MessageCodec<ConfigRecord>;
  readonly ClientQuotaRecord: MessageCodec<ClientQuotaRecord>;
  readonly FeatureLevelRecord: MessageCodec<FeatureLevelRecord>;
  readonly RegisterControllerRecord: MessageCodec<RegisterControllerRecord>;
  readonly NoOpRecord: MessageCodec<NoOpRecord>;
  readonly ZkMigrationStateRecord: MessageCodec<ZkMigrationStateRecord>;
  readonly UserScramCredentialRecord: MessageCodec<UserScramCredentialRecord>;
  readonly RemoveUserScramCredentialRecord: MessageCodec<RemoveUserScramCredentialRecord>;
  readonly DelegationTokenRecord: MessageCodec<DelegationTokenRecord>;
  readonly RemoveDelegationTokenRecord: MessageCodec<RemoveDelegationTokenRecord>;
  readonly ProducerIdsRecord: MessageCodec<ProducerIdsRecord>;
  readonly TopicRecord: MessageCodec<TopicRecord>;
  readonly RemoveTopicRecord: MessageCodec<RemoveTopicRecord>;
  readonly PartitionRecord: MessageCodec<PartitionRecord>;
  readonly PartitionChangeRecord: MessageCodec<PartitionChangeRecord>;
  readonly BeginTransactionRecord: MessageCodec<BeginTransactionRecord>;
  readonly EndTransactionRecord: MessageCodec<EndTransactionRecord>;
  readonly AbortTransactionRecord: MessageCodec<AbortTransactionRecord>;
} = {
  AccessControlEntryRecord: accessControlEntryRecord,
  RemoveAccessControlEntryRecord: removeAccessControlEntryRecord,
  RegisterBrokerRecord: registerBrokerRecord,
  UnregisterBrokerRecord: unregisterBrokerRecord,
  BrokerRegistrationChangeRecord: brokerRegistrationChangeRecord,
  FenceBrokerRecord: fenceBrokerRecord,
  UnfenceBrokerRecord: unfenceBrokerRecord,
  ConfigRecord: configRecord,
  ClientQuotaRecord: clientQuotaRecord,
  FeatureLevelRecord: featureLevelRecord,
  RegisterControllerRecord: registerControllerRecord,
  NoOpRecord: noOpRecord,
  ZkMigrationStateRecord: zkMigrationStateRecord,
  UserScramCredentialRecord: userScramCredentialRecord,
  RemoveUserScramCredentialRecord: removeUserScramCredentialRecord,
  DelegationTokenRecord: delegationTokenRecord,
  RemoveDelegationTokenRecord: removeDelegationTokenRecord,
  ProducerIdsRecord: producerIdsRecord,
  TopicRecord: topicRecord,
  RemoveTopicRecord: removeTopicRecord,
  PartitionRecord: partitionRecord,
  PartitionChangeRecord: partitionChangeRecord,
  BeginTransactionRecord: beginTransactionRecord,
  EndTransactionRecord: endTransactionRecord,
  AbortTransactionRecord: abortTransactionRecord,
};
