// Made by scripts/generate.ts from all tables. Change the tables, then run: pnpm generate
export type {
  ConsumerGroupCurrentMemberAssignmentKey,
  ConsumerGroupCurrentMemberAssignmentValue,
  ConsumerGroupCurrentMemberAssignmentValueTopicPartitions,
} from './consumer-offsets/consumer-group-current-member-assignment.ts';
export type {
  ConsumerGroupMemberMetadataKey,
  ConsumerGroupMemberMetadataValue,
  ConsumerGroupMemberMetadataValueClassicMemberMetadata,
  ConsumerGroupMemberMetadataValueClassicProtocol,
} from './consumer-offsets/consumer-group-member-metadata.ts';
export type {
  ConsumerGroupMetadataKey,
  ConsumerGroupMetadataValue,
} from './consumer-offsets/consumer-group-metadata.ts';
export type {
  ConsumerGroupPartitionMetadataKey,
  ConsumerGroupPartitionMetadataValue,
  ConsumerGroupPartitionMetadataValuePartitionMetadata,
  ConsumerGroupPartitionMetadataValueTopicMetadata,
} from './consumer-offsets/consumer-group-partition-metadata.ts';
export type {
  ConsumerGroupTargetAssignmentMemberKey,
  ConsumerGroupTargetAssignmentMemberValue,
  ConsumerGroupTargetAssignmentMemberValueTopicPartition,
} from './consumer-offsets/consumer-group-target-assignment-member.ts';
export type {
  ConsumerGroupTargetAssignmentMetadataKey,
  ConsumerGroupTargetAssignmentMetadataValue,
} from './consumer-offsets/consumer-group-target-assignment-metadata.ts';
export type {
  GroupMetadataKey,
  GroupMetadataValue,
  GroupMetadataValueMemberMetadata,
} from './consumer-offsets/group-metadata.ts';
export type {
  OffsetCommitKey,
  OffsetCommitValue,
} from './consumer-offsets/offset-commit.ts';
export type {
  ShareGroupMemberMetadataKey,
  ShareGroupMemberMetadataValue,
} from './consumer-offsets/share-group-member-metadata.ts';
export type {
  ShareGroupMetadataKey,
  ShareGroupMetadataValue,
} from './consumer-offsets/share-group-metadata.ts';
export type {
  ShareGroupPartitionMetadataKey,
  ShareGroupPartitionMetadataValue,
  ShareGroupPartitionMetadataValueTopicInfo,
  ShareGroupPartitionMetadataValueTopicPartitionsInfo,
} from './consumer-offsets/share-group-partition-metadata.ts';
export type {
  ConsumerProtocolAssignment,
  ConsumerProtocolAssignmentTopicPartition,
  ConsumerProtocolSubscription,
  ConsumerProtocolSubscriptionTopicPartition,
} from './consumer-protocol/consumer-protocol.ts';
export type {
  RequestHeader,
  ResponseHeader,
} from './headers/headers.ts';
export type {
  AddOffsetsToTxnRequest,
  AddOffsetsToTxnResponse,
} from './messages/add-offsets-to-txn.ts';
export type {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnRequestAddPartitionsToTxnTopic,
  AddPartitionsToTxnRequestAddPartitionsToTxnTransaction,
  AddPartitionsToTxnResponse,
  AddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult,
  AddPartitionsToTxnResponseAddPartitionsToTxnResult,
  AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult,
} from './messages/add-partitions-to-txn.ts';
export type {
  AddRaftVoterRequest,
  AddRaftVoterRequestListener,
  AddRaftVoterResponse,
} from './messages/add-raft-voter.ts';
export type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from './messages/allocate-producer-ids.ts';
export type {
  AlterClientQuotasRequest,
  AlterClientQuotasRequestEntityData,
  AlterClientQuotasRequestEntryData,
  AlterClientQuotasRequestOpData,
  AlterClientQuotasResponse,
  AlterClientQuotasResponseEntityData,
  AlterClientQuotasResponseEntryData,
} from './messages/alter-client-quotas.ts';
export type {
  AlterConfigsRequest,
  AlterConfigsRequestAlterConfigsResource,
  AlterConfigsRequestAlterableConfig,
  AlterConfigsResponse,
  AlterConfigsResponseAlterConfigsResourceResponse,
} from './messages/alter-configs.ts';
export type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsRequestReassignablePartition,
  AlterPartitionReassignmentsRequestReassignableTopic,
  AlterPartitionReassignmentsResponse,
  AlterPartitionReassignmentsResponseReassignablePartitionResponse,
  AlterPartitionReassignmentsResponseReassignableTopicResponse,
} from './messages/alter-partition-reassignments.ts';
export type {
  AlterPartitionRequest,
  AlterPartitionRequestBrokerState,
  AlterPartitionRequestPartitionData,
  AlterPartitionRequestTopicData,
  AlterPartitionResponse,
  AlterPartitionResponsePartitionData,
  AlterPartitionResponseTopicData,
} from './messages/alter-partition.ts';
export type {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsRequestAlterReplicaLogDir,
  AlterReplicaLogDirsRequestAlterReplicaLogDirTopic,
  AlterReplicaLogDirsResponse,
  AlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult,
  AlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult,
} from './messages/alter-replica-log-dirs.ts';
export type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsRequestScramCredentialDeletion,
  AlterUserScramCredentialsRequestScramCredentialUpsertion,
  AlterUserScramCredentialsResponse,
  AlterUserScramCredentialsResponseAlterUserScramCredentialsResult,
} from './messages/alter-user-scram-credentials.ts';
export type {
  ApiVersionsRequest,
  ApiVersionsResponse,
  ApiVersionsResponseApiVersion,
  ApiVersionsResponseFinalizedFeatureKey,
  ApiVersionsResponseSupportedFeatureKey,
} from './messages/api-versions.ts';
export type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsRequestDirectoryData,
  AssignReplicasToDirsRequestPartitionData,
  AssignReplicasToDirsRequestTopicData,
  AssignReplicasToDirsResponse,
  AssignReplicasToDirsResponseDirectoryData,
  AssignReplicasToDirsResponsePartitionData,
  AssignReplicasToDirsResponseTopicData,
} from './messages/assign-replicas-to-dirs.ts';
export type {
  BeginQuorumEpochRequest,
  BeginQuorumEpochRequestLeaderEndpoint,
  BeginQuorumEpochRequestPartitionData,
  BeginQuorumEpochRequestTopicData,
  BeginQuorumEpochResponse,
  BeginQuorumEpochResponseNodeEndpoint,
  BeginQuorumEpochResponsePartitionData,
  BeginQuorumEpochResponseTopicData,
} from './messages/begin-quorum-epoch.ts';
export type {
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
} from './messages/broker-heartbeat.ts';
export type {
  BrokerRegistrationRequest,
  BrokerRegistrationRequestFeature,
  BrokerRegistrationRequestListener,
  BrokerRegistrationResponse,
} from './messages/broker-registration.ts';
export type {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
  ConsumerGroupDescribeResponseAssignment,
  ConsumerGroupDescribeResponseDescribedGroup,
  ConsumerGroupDescribeResponseMember,
  ConsumerGroupDescribeResponseTopicPartitions,
} from './messages/consumer-group-describe.ts';
export type {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatRequestTopicPartitions,
  ConsumerGroupHeartbeatResponse,
  ConsumerGroupHeartbeatResponseAssignment,
  ConsumerGroupHeartbeatResponseTopicPartitions,
} from './messages/consumer-group-heartbeat.ts';
export type {
  ControlledShutdownRequest,
  ControlledShutdownResponse,
  ControlledShutdownResponseRemainingPartition,
} from './messages/controlled-shutdown.ts';
export type {
  ControllerRegistrationRequest,
  ControllerRegistrationRequestFeature,
  ControllerRegistrationRequestListener,
  ControllerRegistrationResponse,
} from './messages/controller-registration.ts';
export type {
  CreateAclsRequest,
  CreateAclsRequestAclCreation,
  CreateAclsResponse,
  CreateAclsResponseAclCreationResult,
} from './messages/create-acls.ts';
export type {
  CreateDelegationTokenRequest,
  CreateDelegationTokenRequestCreatableRenewers,
  CreateDelegationTokenResponse,
} from './messages/create-delegation-token.ts';
export type {
  CreatePartitionsRequest,
  CreatePartitionsRequestCreatePartitionsAssignment,
  CreatePartitionsRequestCreatePartitionsTopic,
  CreatePartitionsResponse,
  CreatePartitionsResponseCreatePartitionsTopicResult,
} from './messages/create-partitions.ts';
export type {
  CreateTopicsRequest,
  CreateTopicsRequestCreatableReplicaAssignment,
  CreateTopicsRequestCreatableTopic,
  CreateTopicsRequestCreatableTopicConfig,
  CreateTopicsResponse,
  CreateTopicsResponseCreatableTopicConfigs,
  CreateTopicsResponseCreatableTopicResult,
} from './messages/create-topics.ts';
export type {
  DeleteAclsRequest,
  DeleteAclsRequestDeleteAclsFilter,
  DeleteAclsResponse,
  DeleteAclsResponseDeleteAclsFilterResult,
  DeleteAclsResponseDeleteAclsMatchingAcl,
} from './messages/delete-acls.ts';
export type {
  DeleteGroupsRequest,
  DeleteGroupsResponse,
  DeleteGroupsResponseDeletableGroupResult,
} from './messages/delete-groups.ts';
export type {
  DeleteRecordsRequest,
  DeleteRecordsRequestDeleteRecordsPartition,
  DeleteRecordsRequestDeleteRecordsTopic,
  DeleteRecordsResponse,
  DeleteRecordsResponseDeleteRecordsPartitionResult,
  DeleteRecordsResponseDeleteRecordsTopicResult,
} from './messages/delete-records.ts';
export type {
  DeleteShareGroupStateRequest,
  DeleteShareGroupStateRequestDeleteStateData,
  DeleteShareGroupStateRequestPartitionData,
  DeleteShareGroupStateResponse,
  DeleteShareGroupStateResponseDeleteStateResult,
  DeleteShareGroupStateResponsePartitionResult,
} from './messages/delete-share-group-state.ts';
export type {
  DeleteTopicsRequest,
  DeleteTopicsRequestDeleteTopicState,
  DeleteTopicsResponse,
  DeleteTopicsResponseDeletableTopicResult,
} from './messages/delete-topics.ts';
export type {
  DescribeAclsRequest,
  DescribeAclsResponse,
  DescribeAclsResponseAclDescription,
  DescribeAclsResponseDescribeAclsResource,
} from './messages/describe-acls.ts';
export type {
  DescribeClientQuotasRequest,
  DescribeClientQuotasRequestComponentData,
  DescribeClientQuotasResponse,
  DescribeClientQuotasResponseEntityData,
  DescribeClientQuotasResponseEntryData,
  DescribeClientQuotasResponseValueData,
} from './messages/describe-client-quotas.ts';
export type {
  DescribeClusterRequest,
  DescribeClusterResponse,
  DescribeClusterResponseDescribeClusterBroker,
} from './messages/describe-cluster.ts';
export type {
  DescribeConfigsRequest,
  DescribeConfigsRequestDescribeConfigsResource,
  DescribeConfigsResponse,
  DescribeConfigsResponseDescribeConfigsResourceResult,
  DescribeConfigsResponseDescribeConfigsResult,
  DescribeConfigsResponseDescribeConfigsSynonym,
} from './messages/describe-configs.ts';
export type {
  DescribeDelegationTokenRequest,
  DescribeDelegationTokenRequestDescribeDelegationTokenOwner,
  DescribeDelegationTokenResponse,
  DescribeDelegationTokenResponseDescribedDelegationToken,
  DescribeDelegationTokenResponseDescribedDelegationTokenRenewer,
} from './messages/describe-delegation-token.ts';
export type {
  DescribeGroupsRequest,
  DescribeGroupsResponse,
  DescribeGroupsResponseDescribedGroup,
  DescribeGroupsResponseDescribedGroupMember,
} from './messages/describe-groups.ts';
export type {
  DescribeLogDirsRequest,
  DescribeLogDirsRequestDescribableLogDirTopic,
  DescribeLogDirsResponse,
  DescribeLogDirsResponseDescribeLogDirsPartition,
  DescribeLogDirsResponseDescribeLogDirsResult,
  DescribeLogDirsResponseDescribeLogDirsTopic,
} from './messages/describe-log-dirs.ts';
export type {
  DescribeProducersRequest,
  DescribeProducersRequestTopicRequest,
  DescribeProducersResponse,
  DescribeProducersResponsePartitionResponse,
  DescribeProducersResponseProducerState,
  DescribeProducersResponseTopicResponse,
} from './messages/describe-producers.ts';
export type {
  DescribeQuorumRequest,
  DescribeQuorumRequestPartitionData,
  DescribeQuorumRequestTopicData,
  DescribeQuorumResponse,
  DescribeQuorumResponseListener,
  DescribeQuorumResponseNode,
  DescribeQuorumResponsePartitionData,
  DescribeQuorumResponseReplicaState,
  DescribeQuorumResponseTopicData,
} from './messages/describe-quorum.ts';
export type {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsRequestCursor,
  DescribeTopicPartitionsRequestTopicRequest,
  DescribeTopicPartitionsResponse,
  DescribeTopicPartitionsResponseCursor,
  DescribeTopicPartitionsResponsePartition,
  DescribeTopicPartitionsResponseTopic,
} from './messages/describe-topic-partitions.ts';
export type {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
  DescribeTransactionsResponseTopicData,
  DescribeTransactionsResponseTransactionState,
} from './messages/describe-transactions.ts';
export type {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsRequestUserName,
  DescribeUserScramCredentialsResponse,
  DescribeUserScramCredentialsResponseCredentialInfo,
  DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult,
} from './messages/describe-user-scram-credentials.ts';
export type {
  ElectLeadersRequest,
  ElectLeadersRequestTopicPartitions,
  ElectLeadersResponse,
  ElectLeadersResponsePartitionResult,
  ElectLeadersResponseReplicaElectionResult,
} from './messages/elect-leaders.ts';
export type {
  EndQuorumEpochRequest,
  EndQuorumEpochRequestLeaderEndpoint,
  EndQuorumEpochRequestPartitionData,
  EndQuorumEpochRequestReplicaInfo,
  EndQuorumEpochRequestTopicData,
  EndQuorumEpochResponse,
  EndQuorumEpochResponseNodeEndpoint,
  EndQuorumEpochResponsePartitionData,
  EndQuorumEpochResponseTopicData,
} from './messages/end-quorum-epoch.ts';
export type {
  EndTxnRequest,
  EndTxnResponse,
} from './messages/end-txn.ts';
export type {
  EnvelopeRequest,
  EnvelopeResponse,
} from './messages/envelope.ts';
export type {
  ExpireDelegationTokenRequest,
  ExpireDelegationTokenResponse,
} from './messages/expire-delegation-token.ts';
export type {
  FetchSnapshotRequest,
  FetchSnapshotRequestPartitionSnapshot,
  FetchSnapshotRequestSnapshotId,
  FetchSnapshotRequestTopicSnapshot,
  FetchSnapshotResponse,
  FetchSnapshotResponseLeaderIdAndEpoch,
  FetchSnapshotResponseNodeEndpoint,
  FetchSnapshotResponsePartitionSnapshot,
  FetchSnapshotResponseSnapshotId,
  FetchSnapshotResponseTopicSnapshot,
} from './messages/fetch-snapshot.ts';
export type {
  FetchRequest,
  FetchRequestFetchPartition,
  FetchRequestFetchTopic,
  FetchRequestForgottenTopic,
  FetchRequestReplicaState,
  FetchResponse,
  FetchResponseAbortedTransaction,
  FetchResponseEpochEndOffset,
  FetchResponseFetchableTopicResponse,
  FetchResponseLeaderIdAndEpoch,
  FetchResponseNodeEndpoint,
  FetchResponsePartitionData,
  FetchResponseSnapshotId,
} from './messages/fetch.ts';
export type {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
  FindCoordinatorResponseCoordinator,
} from './messages/find-coordinator.ts';
export type {
  GetTelemetrySubscriptionsRequest,
  GetTelemetrySubscriptionsResponse,
} from './messages/get-telemetry-subscriptions.ts';
export type {
  HeartbeatRequest,
  HeartbeatResponse,
} from './messages/heartbeat.ts';
export type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsRequestAlterConfigsResource,
  IncrementalAlterConfigsRequestAlterableConfig,
  IncrementalAlterConfigsResponse,
  IncrementalAlterConfigsResponseAlterConfigsResourceResponse,
} from './messages/incremental-alter-configs.ts';
export type {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from './messages/init-producer-id.ts';
export type {
  InitializeShareGroupStateRequest,
  InitializeShareGroupStateRequestInitializeStateData,
  InitializeShareGroupStateRequestPartitionData,
  InitializeShareGroupStateResponse,
  InitializeShareGroupStateResponseInitializeStateResult,
  InitializeShareGroupStateResponsePartitionResult,
} from './messages/initialize-share-group-state.ts';
export type {
  JoinGroupRequest,
  JoinGroupRequestProtocol,
  JoinGroupResponse,
  JoinGroupResponseMember,
} from './messages/join-group.ts';
export type {
  LeaderAndIsrRequest,
  LeaderAndIsrRequestLeaderAndIsrLiveLeader,
  LeaderAndIsrRequestLeaderAndIsrPartitionState,
  LeaderAndIsrRequestLeaderAndIsrTopicState,
  LeaderAndIsrResponse,
  LeaderAndIsrResponseLeaderAndIsrPartitionError,
  LeaderAndIsrResponseLeaderAndIsrTopicError,
} from './messages/leader-and-isr.ts';
export type {
  LeaveGroupRequest,
  LeaveGroupRequestMemberIdentity,
  LeaveGroupResponse,
  LeaveGroupResponseMemberResponse,
} from './messages/leave-group.ts';
export type {
  ListClientMetricsResourcesRequest,
  ListClientMetricsResourcesResponse,
  ListClientMetricsResourcesResponseClientMetricsResource,
} from './messages/list-client-metrics-resources.ts';
export type {
  ListGroupsRequest,
  ListGroupsResponse,
  ListGroupsResponseListedGroup,
} from './messages/list-groups.ts';
export type {
  ListOffsetsRequest,
  ListOffsetsRequestListOffsetsPartition,
  ListOffsetsRequestListOffsetsTopic,
  ListOffsetsResponse,
  ListOffsetsResponseListOffsetsPartitionResponse,
  ListOffsetsResponseListOffsetsTopicResponse,
} from './messages/list-offsets.ts';
export type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsRequestListPartitionReassignmentsTopics,
  ListPartitionReassignmentsResponse,
  ListPartitionReassignmentsResponseOngoingPartitionReassignment,
  ListPartitionReassignmentsResponseOngoingTopicReassignment,
} from './messages/list-partition-reassignments.ts';
export type {
  ListTransactionsRequest,
  ListTransactionsResponse,
  ListTransactionsResponseTransactionState,
} from './messages/list-transactions.ts';
export type {
  MetadataRequest,
  MetadataRequestTopic,
  MetadataResponse,
  MetadataResponseBroker,
  MetadataResponsePartition,
  MetadataResponseTopic,
} from './messages/metadata.ts';
export type {
  OffsetCommitRequest,
  OffsetCommitRequestPartition,
  OffsetCommitRequestTopic,
  OffsetCommitResponse,
  OffsetCommitResponsePartition,
  OffsetCommitResponseTopic,
} from './messages/offset-commit.ts';
export type {
  OffsetDeleteRequest,
  OffsetDeleteRequestPartition,
  OffsetDeleteRequestTopic,
  OffsetDeleteResponse,
  OffsetDeleteResponsePartition,
  OffsetDeleteResponseTopic,
} from './messages/offset-delete.ts';
export type {
  OffsetFetchRequest,
  OffsetFetchRequestGroup,
  OffsetFetchRequestTopic,
  OffsetFetchRequestTopics,
  OffsetFetchResponse,
  OffsetFetchResponseGroup,
  OffsetFetchResponsePartition,
  OffsetFetchResponsePartitions,
  OffsetFetchResponseTopic,
  OffsetFetchResponseTopics,
} from './messages/offset-fetch.ts';
export type {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochRequestOffsetForLeaderPartition,
  OffsetForLeaderEpochRequestOffsetForLeaderTopic,
  OffsetForLeaderEpochResponse,
  OffsetForLeaderEpochResponseEpochEndOffset,
  OffsetForLeaderEpochResponseOffsetForLeaderTopicResult,
} from './messages/offset-for-leader-epoch.ts';
export type {
  ProduceRequest,
  ProduceRequestPartitionProduceData,
  ProduceRequestTopicProduceData,
  ProduceResponse,
  ProduceResponseBatchIndexAndErrorMessage,
  ProduceResponseLeaderIdAndEpoch,
  ProduceResponseNodeEndpoint,
  ProduceResponsePartitionProduceResponse,
  ProduceResponseTopicProduceResponse,
} from './messages/produce.ts';
export type {
  PushTelemetryRequest,
  PushTelemetryResponse,
} from './messages/push-telemetry.ts';
export type {
  ReadShareGroupStateSummaryRequest,
  ReadShareGroupStateSummaryRequestPartitionData,
  ReadShareGroupStateSummaryRequestReadStateSummaryData,
  ReadShareGroupStateSummaryResponse,
  ReadShareGroupStateSummaryResponsePartitionResult,
  ReadShareGroupStateSummaryResponseReadStateSummaryResult,
} from './messages/read-share-group-state-summary.ts';
export type {
  ReadShareGroupStateRequest,
  ReadShareGroupStateRequestPartitionData,
  ReadShareGroupStateRequestReadStateData,
  ReadShareGroupStateResponse,
  ReadShareGroupStateResponsePartitionResult,
  ReadShareGroupStateResponseReadStateResult,
  ReadShareGroupStateResponseStateBatch,
} from './messages/read-share-group-state.ts';
export type {
  RemoveRaftVoterRequest,
  RemoveRaftVoterResponse,
} from './messages/remove-raft-voter.ts';
export type {
  RenewDelegationTokenRequest,
  RenewDelegationTokenResponse,
} from './messages/renew-delegation-token.ts';
export type {
  SaslAuthenticateRequest,
  SaslAuthenticateResponse,
} from './messages/sasl-authenticate.ts';
export type {
  SaslHandshakeRequest,
  SaslHandshakeResponse,
} from './messages/sasl-handshake.ts';
export type {
  ShareAcknowledgeRequest,
  ShareAcknowledgeRequestAcknowledgePartition,
  ShareAcknowledgeRequestAcknowledgeTopic,
  ShareAcknowledgeRequestAcknowledgementBatch,
  ShareAcknowledgeResponse,
  ShareAcknowledgeResponseLeaderIdAndEpoch,
  ShareAcknowledgeResponseNodeEndpoint,
  ShareAcknowledgeResponsePartitionData,
  ShareAcknowledgeResponseShareAcknowledgeTopicResponse,
} from './messages/share-acknowledge.ts';
export type {
  ShareFetchRequest,
  ShareFetchRequestAcknowledgementBatch,
  ShareFetchRequestFetchPartition,
  ShareFetchRequestFetchTopic,
  ShareFetchRequestForgottenTopic,
  ShareFetchResponse,
  ShareFetchResponseAcquiredRecords,
  ShareFetchResponseLeaderIdAndEpoch,
  ShareFetchResponseNodeEndpoint,
  ShareFetchResponsePartitionData,
  ShareFetchResponseShareFetchableTopicResponse,
} from './messages/share-fetch.ts';
export type {
  ShareGroupDescribeRequest,
  ShareGroupDescribeResponse,
  ShareGroupDescribeResponseAssignment,
  ShareGroupDescribeResponseDescribedGroup,
  ShareGroupDescribeResponseMember,
  ShareGroupDescribeResponseTopicPartitions,
} from './messages/share-group-describe.ts';
export type {
  ShareGroupHeartbeatRequest,
  ShareGroupHeartbeatResponse,
  ShareGroupHeartbeatResponseAssignment,
  ShareGroupHeartbeatResponseTopicPartitions,
} from './messages/share-group-heartbeat.ts';
export type {
  StopReplicaRequest,
  StopReplicaRequestStopReplicaPartitionState,
  StopReplicaRequestStopReplicaPartitionV0,
  StopReplicaRequestStopReplicaTopicState,
  StopReplicaRequestStopReplicaTopicV1,
  StopReplicaResponse,
  StopReplicaResponseStopReplicaPartitionError,
} from './messages/stop-replica.ts';
export type {
  SyncGroupRequest,
  SyncGroupRequestAssignment,
  SyncGroupResponse,
} from './messages/sync-group.ts';
export type {
  TxnOffsetCommitRequest,
  TxnOffsetCommitRequestPartition,
  TxnOffsetCommitRequestTopic,
  TxnOffsetCommitResponse,
  TxnOffsetCommitResponsePartition,
  TxnOffsetCommitResponseTopic,
} from './messages/txn-offset-commit.ts';
export type {
  UnregisterBrokerRequest,
  UnregisterBrokerResponse,
} from './messages/unregister-broker.ts';
export type {
  UpdateFeaturesRequest,
  UpdateFeaturesRequestFeatureUpdateKey,
  UpdateFeaturesResponse,
  UpdateFeaturesResponseUpdatableFeatureResult,
} from './messages/update-features.ts';
export type {
  UpdateMetadataRequest,
  UpdateMetadataRequestUpdateMetadataBroker,
  UpdateMetadataRequestUpdateMetadataEndpoint,
  UpdateMetadataRequestUpdateMetadataPartitionState,
  UpdateMetadataRequestUpdateMetadataTopicState,
  UpdateMetadataResponse,
} from './messages/update-metadata.ts';
export type {
  UpdateRaftVoterRequest,
  UpdateRaftVoterRequestKRaftVersionFeature,
  UpdateRaftVoterRequestListener,
  UpdateRaftVoterResponse,
  UpdateRaftVoterResponseCurrentLeader,
} from './messages/update-raft-voter.ts';
export type {
  VoteRequest,
  VoteRequestPartitionData,
  VoteRequestTopicData,
  VoteResponse,
  VoteResponseNodeEndpoint,
  VoteResponsePartitionData,
  VoteResponseTopicData,
} from './messages/vote.ts';
export type {
  WriteShareGroupStateRequest,
  WriteShareGroupStateRequestPartitionData,
  WriteShareGroupStateRequestStateBatch,
  WriteShareGroupStateRequestWriteStateData,
  WriteShareGroupStateResponse,
  WriteShareGroupStateResponsePartitionResult,
  WriteShareGroupStateResponseWriteStateResult,
} from './messages/write-share-group-state.ts';
export type {
  WriteTxnMarkersRequest,
  WriteTxnMarkersRequestWritableTxnMarker,
  WriteTxnMarkersRequestWritableTxnMarkerTopic,
  WriteTxnMarkersResponse,
  WriteTxnMarkersResponseWritableTxnMarkerPartitionResult,
  WriteTxnMarkersResponseWritableTxnMarkerResult,
  WriteTxnMarkersResponseWritableTxnMarkerTopicResult,
} from './messages/write-txn-markers.ts';
export type {
  AccessControlEntryRecord,
  RemoveAccessControlEntryRecord,
} from './metadata-records/access-control.ts';
export type {
  BrokerRegistrationChangeRecord,
  FenceBrokerRecord,
  RegisterBrokerRecord,
  RegisterBrokerRecordBrokerEndpoint,
  RegisterBrokerRecordBrokerFeature,
  UnfenceBrokerRecord,
  UnregisterBrokerRecord,
} from './metadata-records/brokers.ts';
export type {
  ClientQuotaRecord,
  ClientQuotaRecordEntityData,
  ConfigRecord,
  FeatureLevelRecord,
} from './metadata-records/configuration.ts';
export type {
  NoOpRecord,
  RegisterControllerRecord,
  RegisterControllerRecordControllerEndpoint,
  RegisterControllerRecordControllerFeature,
  ZkMigrationStateRecord,
} from './metadata-records/controllers.ts';
export type {
  DelegationTokenRecord,
  RemoveDelegationTokenRecord,
  RemoveUserScramCredentialRecord,
  UserScramCredentialRecord,
} from './metadata-records/credentials.ts';
export type {
  ProducerIdsRecord,
} from './metadata-records/producer-ids.ts';
export type {
  PartitionChangeRecord,
  PartitionRecord,
  RemoveTopicRecord,
  TopicRecord,
} from './metadata-records/topics.ts';
export type {
  AbortTransactionRecord,
  BeginTransactionRecord,
  EndTransactionRecord,
} from './metadata-records/transactions.ts';
export type {
  DefaultPrincipalData,
} from './principal/principal.ts';
export type {
  KRaftVersionRecord,
  LeaderChangeMessage,
  LeaderChangeMessageVoter,
  SnapshotFooterRecord,
  SnapshotHeaderRecord,
  VotersRecord,
  VotersRecordEndpoint,
  VotersRecordKRaftVersionFeature,
  VotersRecordVoter,
} from './raft/control-records.ts';
export type {
  QuorumStateData,
  QuorumStateDataVoter,
} from './raft/quorum-state.ts';
export type {
  RemoteLogSegmentMetadataRecord,
  RemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry,
  RemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry,
  RemoteLogSegmentMetadataRecordTopicIdPartitionEntry,
  RemoteLogSegmentMetadataSnapshotRecord,
  RemoteLogSegmentMetadataSnapshotRecordSegmentLeaderEpochEntry,
  RemoteLogSegmentMetadataUpdateRecord,
  RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry,
  RemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry,
  RemotePartitionDeleteMetadataRecord,
  RemotePartitionDeleteMetadataRecordTopicIdPartitionEntry,
} from './remote-log-metadata/remote-log-metadata.ts';
export type {
  TransactionLogKey,
  TransactionLogValue,
  TransactionLogValuePartitionsSchema,
} from './transaction-state/transaction-log.ts';
