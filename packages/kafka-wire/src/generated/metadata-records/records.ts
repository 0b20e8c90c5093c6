// Made by scripts/generate.ts from the tables of the folder. Change the tables, then run: pnpm generate
import type { MessageCodec } from '../../codec/message-codec.ts';
import {
  accessControlEntryRecord,
  type AccessControlEntryRecord,
  removeAccessControlEntryRecord,
  type RemoveAccessControlEntryRecord,
} from './access-control.ts';
import {
  brokerRegistrationChangeRecord,
  type BrokerRegistrationChangeRecord,
  fenceBrokerRecord,
  type FenceBrokerRecord,
  registerBrokerRecord,
  type RegisterBrokerRecord,
  unfenceBrokerRecord,
  type UnfenceBrokerRecord,
  unregisterBrokerRecord,
  type UnregisterBrokerRecord,
} from './brokers.ts';
import {
  clientQuotaRecord,
  type ClientQuotaRecord,
  configRecord,
  type ConfigRecord,
  featureLevelRecord,
  type FeatureLevelRecord,
} from './configuration.ts';
import {
  noOpRecord,
  type NoOpRecord,
  registerControllerRecord,
  type RegisterControllerRecord,
  zkMigrationStateRecord,
  type ZkMigrationStateRecord,
} from './controllers.ts';
import {
  delegationTokenRecord,
  type DelegationTokenRecord,
  removeDelegationTokenRecord,
  type RemoveDelegationTokenRecord,
  removeUserScramCredentialRecord,
  type RemoveUserScramCredentialRecord,
  userScramCredentialRecord,
  type UserScramCredentialRecord,
} from './credentials.ts';
import {
  producerIdsRecord,
  type ProducerIdsRecord,
} from './producer-ids.ts';
import {
  partitionChangeRecord,
  type PartitionChangeRecord,
  partitionRecord,
  type PartitionRecord,
  removeTopicRecord,
  type RemoveTopicRecord,
  topicRecord,
  type TopicRecord,
} from './topics.ts';
import {
  abortTransactionRecord,
  type AbortTransactionRecord,
  beginTransactionRecord,
  type BeginTransactionRecord,
  endTransactionRecord,
  type EndTransactionRecord,
} from './transactions.ts';

/** A record with the name of its type and the version it was written in. */
export type MetadataRecord =
  | { readonly type: 'AccessControlEntryRecord'; readonly version: number; readonly record: AccessControlEntryRecord }
  | { readonly type: 'RemoveAccessControlEntryRecord'; readonly version: number; readonly record: RemoveAccessControlEntryRecord }
  | { readonly type: 'BrokerRegistrationChangeRecord'; readonly version: number; readonly record: BrokerRegistrationChangeRecord }
  | { readonly type: 'FenceBrokerRecord'; readonly version: number; readonly record: FenceBrokerRecord }
  | { readonly type: 'RegisterBrokerRecord'; readonly version: number; readonly record: RegisterBrokerRecord }
  | { readonly type: 'UnfenceBrokerRecord'; readonly version: number; readonly record: UnfenceBrokerRecord }
  | { readonly type: 'UnregisterBrokerRecord'; readonly version: number; readonly record: UnregisterBrokerRecord }
  | { readonly type: 'ClientQuotaRecord'; readonly version: number; readonly record: ClientQuotaRecord }
  | { readonly type: 'ConfigRecord'; readonly version: number; readonly record: ConfigRecord }
  | { readonly type: 'FeatureLevelRecord'; readonly version: number; readonly record: FeatureLevelRecord }
  | { readonly type: 'NoOpRecord'; readonly version: number; readonly record: NoOpRecord }
  | { readonly type: 'RegisterControllerRecord'; readonly version: number; readonly record: RegisterControllerRecord }
  | { readonly type: 'ZkMigrationStateRecord'; readonly version: number; readonly record: ZkMigrationStateRecord }
  | { readonly type: 'DelegationTokenRecord'; readonly version: number; readonly record: DelegationTokenRecord }
  | { readonly type: 'RemoveDelegationTokenRecord'; readonly version: number; readonly record: RemoveDelegationTokenRecord }
  | { readonly type: 'RemoveUserScramCredentialRecord'; readonly version: number; readonly record: RemoveUserScramCredentialRecord }
  | { readonly type: 'UserScramCredentialRecord'; readonly version: number; readonly record: UserScramCredentialRecord }
  | { readonly type: 'ProducerIdsRecord'; readonly version: number; readonly record: ProducerIdsRecord }
  | { readonly type: 'PartitionChangeRecord'; readonly version: number; readonly record: PartitionChangeRecord }
  | { readonly type: 'PartitionRecord'; readonly version: number; readonly record: PartitionRecord }
  | { readonly type: 'RemoveTopicRecord'; readonly version: number; readonly record: RemoveTopicRecord }
  | { readonly type: 'TopicRecord'; readonly version: number; readonly record: TopicRecord }
  | { readonly type: 'AbortTransactionRecord'; readonly version: number; readonly record: AbortTransactionRecord }
  | { readonly type: 'BeginTransactionRecord'; readonly version: number; readonly record: BeginTransactionRecord }
  | { readonly type: 'EndTransactionRecord'; readonly version: number; readonly record: EndTransactionRecord };

/** The codec of each type of record, by name. */
export const metadataRecordCodecs: {
  readonly AccessControlEntryRecord: MessageCodec<AccessControlEntryRecord>;
  readonly RemoveAccessControlEntryRecord: MessageCodec<RemoveAccessControlEntryRecord>;
  readonly BrokerRegistrationChangeRecord: MessageCodec<BrokerRegistrationChangeRecord>;
  readonly FenceBrokerRecord: MessageCodec<FenceBrokerRecord>;
  readonly RegisterBrokerRecord: MessageCodec<RegisterBrokerRecord>;
  readonly UnfenceBrokerRecord: MessageCodec<UnfenceBrokerRecord>;
  readonly UnregisterBrokerRecord: MessageCodec<UnregisterBrokerRecord>;
  readonly ClientQuotaRecord: MessageCodec<ClientQuotaRecord>;
  readonly ConfigRecord: MessageCodec<ConfigRecord>;
  readonly FeatureLevelRecord: MessageCodec<FeatureLevelRecord>;
  readonly NoOpRecord: MessageCodec<NoOpRecord>;
  readonly RegisterControllerRecord: MessageCodec<RegisterControllerRecord>;
  readonly ZkMigrationStateRecord: MessageCodec<ZkMigrationStateRecord>;
  readonly DelegationTokenRecord: MessageCodec<DelegationTokenRecord>;
  readonly RemoveDelegationTokenRecord: MessageCodec<RemoveDelegationTokenRecord>;
  readonly RemoveUserScramCredentialRecord: MessageCodec<RemoveUserScramCredentialRecord>;
  readonly UserScramCredentialRecord: MessageCodec<UserScramCredentialRecord>;
  readonly ProducerIdsRecord: MessageCodec<ProducerIdsRecord>;
  readonly PartitionChangeRecord: MessageCodec<PartitionChangeRecord>;
  readonly PartitionRecord: MessageCodec<PartitionRecord>;
  readonly RemoveTopicRecord: MessageCodec<RemoveTopicRecord>;
  readonly TopicRecord: MessageCodec<TopicRecord>;
  readonly AbortTransactionRecord: MessageCodec<AbortTransactionRecord>;
  readonly BeginTransactionRecord: MessageCodec<BeginTransactionRecord>;
  readonly EndTransactionRecord: MessageCodec<EndTransactionRecord>;
} = {
  AccessControlEntryRecord: accessControlEntryRecord,
  RemoveAccessControlEntryRecord: removeAccessControlEntryRecord,
  BrokerRegistrationChangeRecord: brokerRegistrationChangeRecord,
  FenceBrokerRecord: fenceBrokerRecord,
  RegisterBrokerRecord: registerBrokerRecord,
  UnfenceBrokerRecord: unfenceBrokerRecord,
  UnregisterBrokerRecord: unregisterBrokerRecord,
  ClientQuotaRecord: clientQuotaRecord,
  ConfigRecord: configRecord,
  FeatureLevelRecord: featureLevelRecord,
  NoOpRecord: noOpRecord,
  RegisterControllerRecord: registerControllerRecord,
  ZkMigrationStateRecord: zkMigrationStateRecord,
  DelegationTokenRecord: delegationTokenRecord,
  RemoveDelegationTokenRecord: removeDelegationTokenRecord,
  RemoveUserScramCredentialRecord: removeUserScramCredentialRecord,
  UserScramCredentialRecord: userScramCredentialRecord,
  ProducerIdsRecord: producerIdsRecord,
  PartitionChangeRecord: partitionChangeRecord,
  PartitionRecord: partitionRecord,
  RemoveTopicRecord: removeTopicRecord,
  TopicRecord: topicRecord,
  AbortTransactionRecord: abortTransactionRecord,
  BeginTransactionRecord: beginTransactionRecord,
  EndTransactionRecord: endTransactionRecord,
};
