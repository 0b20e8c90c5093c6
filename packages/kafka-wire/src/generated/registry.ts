// Made by scripts/generate.ts from all tables. Change the tables, then run: pnpm generate
import type { MessageCodec } from '../codec/message-codec.ts';
import { consumerGroupCurrentMemberAssignmentKey, consumerGroupCurrentMemberAssignmentValue } from './consumer-offsets/consumer-group-current-member-assignment.ts';
import { consumerGroupMemberMetadataKey, consumerGroupMemberMetadataValue } from './consumer-offsets/consumer-group-member-metadata.ts';
import { consumerGroupMetadataKey, consumerGroupMetadataValue } from './consumer-offsets/consumer-group-metadata.ts';
import { consumerGroupPartitionMetadataKey, consumerGroupPartitionMetadataValue } from './consumer-offsets/consumer-group-partition-metadata.ts';
import { consumerGroupTargetAssignmentMemberKey, consumerGroupTargetAssignmentMemberValue } from './consumer-offsets/consumer-group-target-assignment-member.ts';
import { consumerGroupTargetAssignmentMetadataKey, consumerGroupTargetAssignmentMetadataValue } from './consumer-offsets/consumer-group-target-assignment-metadata.ts';
import { groupMetadataKey, groupMetadataValue } from './consumer-offsets/group-metadata.ts';
import { offsetCommitKey, offsetCommitValue } from './consumer-offsets/offset-commit.ts';
import { shareGroupMemberMetadataKey, shareGroupMemberMetadataValue } from './consumer-offsets/share-group-member-metadata.ts';
import { shareGroupMetadataKey, shareGroupMetadataValue } from './consumer-offsets/share-group-metadata.ts';
import { shareGroupPartitionMetadataKey, shareGroupPartitionMetadataValue } from './consumer-offsets/share-group-partition-metadata.ts';
import { consumerProtocolAssignment, consumerProtocolSubscription } from './consumer-protocol/consumer-protocol.ts';
import { requestHeader, responseHeader } from './headers/headers.ts';
import { addOffsetsToTxnRequest, addOffsetsToTxnResponse } from './messages/add-offsets-to-txn.ts';
import { addPartitionsToTxnRequest, addPartitionsToTxnResponse } from './messages/add-partitions-to-txn.ts';
import { addRaftVoterRequest, addRaftVoterResponse } from './messages/add-raft-voter.ts';
import { allocateProducerIdsRequest, allocateProducerIdsResponse } from './messages/allocate-producer-ids.ts';
import { alterClientQuotasRequest, alterClientQuotasResponse } from './messages/alter-client-quotas.ts';
import { alterConfigsRequest, alterConfigsResponse } from './messages/alter-configs.ts';
import { alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse } from './messages/alter-partition-reassignments.ts';
import { alterPartitionRequest, alterPartitionResponse } from './messages/alter-partition.ts';
import { alterReplicaLogDirsRequest, alterReplicaLogDirsResponse } from './messages/alter-replica-log-dirs.ts';
import { alterUserScramCredentialsRequest, alterUserScramCredentialsResponse } from './messages/alter-user-scram-credentials.ts';
import { apiVersionsRequest, apiVersionsResponse } from './messages/api-versions.ts';
import { assignReplicasToDirsRequest, assignReplicasToDirsResponse } from './messages/assign-replicas-to-dirs.ts';
import { beginQuorumEpochRequest, beginQuorumEpochResponse } from './messages/begin-quorum-epoch.ts';
import { brokerHeartbeatRequest, brokerHeartbeatResponse } from './messages/broker-heartbeat.ts';
import { brokerRegistrationRequest, brokerRegistrationResponse } from './messages/broker-registration.ts';
import { consumerGroupDescribeRequest, consumerGroupDescribeResponse } from './messages/consumer-group-describe.ts';
import { consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse } from './messages/consumer-group-heartbeat.ts';
import { controlledShutdownRequest, controlledShutdownResponse } from './messages/controlled-shutdown.ts';
import { controllerRegistrationRequest, controllerRegistrationResponse } from './messages/controller-registration.ts';
import { createAclsRequest, createAclsResponse } from './messages/create-acls.ts';
import { createDelegationTokenRequest, createDelegationTokenResponse } from './messages/create-delegation-token.ts';
import { createPartitionsRequest, createPartitionsResponse } from './messages/create-partitions.ts';
import { createTopicsRequest, createTopicsResponse } from './messages/create-topics.ts';
import { deleteAclsRequest, deleteAclsResponse } from './messages/delete-acls.ts';
import { deleteGroupsRequest, deleteGroupsResponse } from './messages/delete-groups.ts';
import { deleteRecordsRequest, deleteRecordsResponse } from './messages/delete-records.ts';
import { deleteShareGroupStateRequest, deleteShareGroupStateResponse } from './messages/delete-share-group-state.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from './messages/delete-topics.ts';
import { describeAclsRequest, describeAclsResponse } from './messages/describe-acls.ts';
import { describeClientQuotasRequest, describeClientQuotasResponse } from './messages/describe-client-quotas.ts';
import { describeClusterRequest, describeClusterResponse } from './messages/describe-cluster.ts';
import { describeConfigsRequest, describeConfigsResponse } from './messages/describe-configs.ts';
import { describeDelegationTokenRequest, describeDelegationTokenResponse } from './messages/describe-delegation-token.ts';
import { describeGroupsRequest, describeGroupsResponse } from './messages/describe-groups.ts';
import { describeLogDirsRequest, describeLogDirsResponse } from './messages/describe-log-dirs.ts';
import { describeProducersRequest, describeProducersResponse } from './messages/describe-producers.ts';
import { describeQuorumRequest, describeQuorumResponse } from './messages/describe-quorum.ts';
import { describeTopicPartitionsRequest, describeTopicPartitionsResponse } from './messages/describe-topic-partitions.ts';
import { describeTransactionsRequest, describeTransactionsResponse } from './messages/describe-transactions.ts';
import { describeUserScramCredentialsRequest, describeUserScramCredentialsResponse } from './messages/describe-user-scram-credentials.ts';
import { electLeadersRequest, electLeadersResponse } from './messages/elect-leaders.ts';
import { endQuorumEpochRequest, endQuorumEpochResponse } from './messages/end-quorum-epoch.ts';
import { endTxnRequest, endTxnResponse } from './messages/end-txn.ts';
import { envelopeRequest, envelopeResponse } from './messages/envelope.ts';
import { expireDelegationTokenRequest, expireDelegationTokenResponse } from './messages/expire-delegation-token.ts';
import { fetchSnapshotRequest, fetchSnapshotResponse } from './messages/fetch-snapshot.ts';
import { fetchRequest, fetchResponse } from './messages/fetch.ts';
import { findCoordinatorRequest, findCoordinatorResponse } from './messages/find-coordinator.ts';
import { getTelemetrySubscriptionsRequest, getTelemetrySubscriptionsResponse } from './messages/get-telemetry-subscriptions.ts';
import { heartbeatRequest, heartbeatResponse } from './messages/heartbeat.ts';
import { incrementalAlterConfigsRequest, incrementalAlterConfigsResponse } from './messages/incremental-alter-configs.ts';
import { initProducerIdRequest, initProducerIdResponse } from './messages/init-producer-id.ts';
import { initializeShareGroupStateRequest, initializeShareGroupStateResponse } from './messages/initialize-share-group-state.ts';
import { joinGroupRequest, joinGroupResponse } from './messages/join-group.ts';
import { leaderAndIsrRequest, leaderAndIsrResponse } from './messages/leader-and-isr.ts';
import { leaveGroupRequest, leaveGroupResponse } from './messages/leave-group.ts';
import { listClientMetricsResourcesRequest, listClientMetricsResourcesResponse } from './messages/list-client-metrics-resources.ts';
import { listGroupsRequest, listGroupsResponse } from './messages/list-groups.ts';
import { listOffsetsRequest, listOffsetsResponse } from './messages/list-offsets.ts';
import { listPartitionReassignmentsRequest, listPartitionReassignmentsResponse } from './messages/list-partition-reassignments.ts';
import { listTransactionsRequest, listTransactionsResponse } from './messages/list-transactions.ts';
import { metadataRequest, metadataResponse } from './messages/metadata.ts';
import { offsetCommitRequest, offsetCommitResponse } from './messages/offset-commit.ts';
import { offsetDeleteRequest, offsetDeleteResponse } from './messages/offset-delete.ts';
import { offsetFetchRequest, offsetFetchResponse } from './messages/offset-fetch.ts';
import { offsetForLeaderEpochRequest, offsetForLeaderEpochResponse } from './messages/offset-for-leader-epoch.ts';
import { produceRequest, produceResponse } from './messages/produce.ts';
import { pushTelemetryRequest, pushTelemetryResponse } from './messages/push-telemetry.ts';
import { readShareGroupStateSummaryRequest, readShareGroupStateSummaryResponse } from './messages/read-share-group-state-summary.ts';
import { readShareGroupStateRequest, readShareGroupStateResponse } from './messages/read-share-group-state.ts';
import { removeRaftVoterRequest, removeRaftVoterResponse } from './messages/remove-raft-voter.ts';
import { renewDelegationTokenRequest, renewDelegationTokenResponse } from './messages/renew-delegation-token.ts';
import { saslAuthenticateRequest, saslAuthenticateResponse } from './messages/sasl-authenticate.ts';
import { saslHandshakeRequest, saslHandshakeResponse } from './messages/sasl-handshake.ts';
import { shareAcknowledgeRequest, shareAcknowledgeResponse } from './messages/share-acknowledge.ts';
import { shareFetchRequest, shareFetchResponse } from './messages/share-fetch.ts';
import { shareGroupDescribeRequest, shareGroupDescribeResponse } from './messages/share-group-describe.ts';
import { shareGroupHeartbeatRequest, shareGroupHeartbeatResponse } from './messages/share-group-heartbeat.ts';
import { stopReplicaRequest, stopReplicaResponse } from './messages/stop-replica.ts';
import { syncGroupRequest, syncGroupResponse } from './messages/sync-group.ts';
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from './messages/txn-offset-commit.ts';
import { unregisterBrokerRequest, unregisterBrokerResponse } from './messages/unregister-broker.ts';
import { updateFeaturesRequest, updateFeaturesResponse } from './messages/update-features.ts';
import { updateMetadataRequest, updateMetadataResponse } from './messages/update-metadata.ts';
import { updateRaftVoterRequest, updateRaftVoterResponse } from './messages/update-raft-voter.ts';
import { voteRequest, voteResponse } from './messages/vote.ts';
import { writeShareGroupStateRequest, writeShareGroupStateResponse } from './messages/write-share-group-state.ts';
import { writeTxnMarkersRequest, writeTxnMarkersResponse } from './messages/write-txn-markers.ts';
import { accessControlEntryRecord, removeAccessControlEntryRecord } from './metadata-records/access-control.ts';
import { brokerRegistrationChangeRecord, fenceBrokerRecord, registerBrokerRecord, unfenceBrokerRecord, unregisterBrokerRecord } from './metadata-records/brokers.ts';
import { clientQuotaRecord, configRecord, featureLevelRecord } from './metadata-records/configuration.ts';
import { noOpRecord, registerControllerRecord, zkMigrationStateRecord } from './metadata-records/controllers.ts';
import { delegationTokenRecord, removeDelegationTokenRecord, removeUserScramCredentialRecord, userScramCredentialRecord } from './metadata-records/credentials.ts';
import { producerIdsRecord } from './metadata-records/producer-ids.ts';
import { partitionChangeRecord, partitionRecord, removeTopicRecord, topicRecord } from './metadata-records/topics.ts';
import { abortTransactionRecord, beginTransactionRecord, endTransactionRecord } from './metadata-records/transactions.ts';
import { defaultPrincipalData } from './principal/principal.ts';
import { kRaftVersionRecord, leaderChangeMessage, snapshotFooterRecord, snapshotHeaderRecord, votersRecord } from './raft/control-records.ts';
import { quorumStateData } from './raft/quorum-state.ts';
import { remoteLogSegmentMetadataRecord, remoteLogSegmentMetadataSnapshotRecord, remoteLogSegmentMetadataUpdateRecord, remotePartitionDeleteMetadataRecord } from './remote-log-metadata/remote-log-metadata.ts';
import { transactionLogKey, transactionLogValue } from './transaction-state/transaction-log.ts';

/** The codec of every message. */
export const codecs: readonly MessageCodec<unknown>[] = [
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
  groupMetadataKey,
  groupMetadataValue,
  offsetCommitKey,
  offsetCommitValue,
  shareGroupMemberMetadataKey,
  shareGroupMemberMetadataValue,
  shareGroupMetadataKey,
  shareGroupMetadataValue,
  shareGroupPartitionMetadataKey,
  shareGroupPartitionMetadataValue,
  consumerProtocolSubscription,
  consumerProtocolAssignment,
  requestHeader,
  responseHeader,
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
  addRaftVoterRequest,
  addRaftVoterResponse,
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
  alterClientQuotasRequest,
  alterClientQuotasResponse,
  alterConfigsRequest,
  alterConfigsResponse,
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
  alterPartitionRequest,
  alterPartitionResponse,
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
  apiVersionsRequest,
  apiVersionsResponse,
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
  beginQuorumEpochRequest,
  beginQuorumEpochResponse,
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
  brokerRegistrationRequest,
  brokerRegistrationResponse,
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
  controlledShutdownRequest,
  controlledShutdownResponse,
  controllerRegistrationRequest,
  controllerRegistrationResponse,
  createAclsRequest,
  createAclsResponse,
  createDelegationTokenRequest,
  createDelegationTokenResponse,
  createPartitionsRequest,
  createPartitionsResponse,
  createTopicsRequest,
  createTopicsResponse,
  deleteAclsRequest,
  deleteAclsResponse,
  deleteGroupsRequest,
  deleteGroupsResponse,
  deleteRecordsRequest,
  deleteRecordsResponse,
  deleteShareGroupStateRequest,
  deleteShareGroupStateResponse,
  deleteTopicsRequest,
  deleteTopicsResponse,
  describeAclsRequest,
  describeAclsResponse,
  describeClientQuotasRequest,
  describeClientQuotasResponse,
  describeClusterRequest,
  describeClusterResponse,
  describeConfigsRequest,
  describeConfigsResponse,
  describeDelegationTokenRequest,
  describeDelegationTokenResponse,
  describeGroupsRequest,
  describeGroupsResponse,
  describeLogDirsRequest,
  describeLogDirsResponse,
  describeProducersRequest,
  describeProducersResponse,
  describeQuorumRequest,
  describeQuorumResponse,
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
  describeTransactionsRequest,
  describeTransactionsResponse,
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
  electLeadersRequest,
  electLeadersResponse,
  endQuorumEpochRequest,
  endQuorumEpochResponse,
  endTxnRequest,
  endTxnResponse,
  envelopeRequest,
  envelopeResponse,
  expireDelegationTokenRequest,
  expireDelegationTokenResponse,
  fetchSnapshotRequest,
  fetchSnapshotResponse,
  fetchRequest,
  fetchResponse,
  findCoordinatorRequest,
  findCoordinatorResponse,
  getTelemetrySubscriptionsRequest,
  getTelemetrySubscriptionsResponse,
  heartbeatRequest,
  heartbeatResponse,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
  initProducerIdRequest,
  initProducerIdResponse,
  initializeShareGroupStateRequest,
  initializeShareGroupStateResponse,
  joinGroupRequest,
  joinGroupResponse,
  leaderAndIsrRequest,
  leaderAndIsrResponse,
  leaveGroupRequest,
  leaveGroupResponse,
  listClientMetricsResourcesRequest,
  listClientMetricsResourcesResponse,
  listGroupsRequest,
  listGroupsResponse,
  listOffsetsRequest,
  listOffsetsResponse,
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
  listTransactionsRequest,
  listTransactionsResponse,
  metadataRequest,
  metadataResponse,
  offsetCommitRequest,
  offsetCommitResponse,
  offsetDeleteRequest,
  offsetDeleteResponse,
  offsetFetchRequest,
  offsetFetchResponse,
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
  produceRequest,
  produceResponse,
  pushTelemetryRequest,
  pushTelemetryResponse,
  readShareGroupStateSummaryRequest,
  readShareGroupStateSummaryResponse,
  readShareGroupStateRequest,
  readShareGroupStateResponse,
  removeRaftVoterRequest,
  removeRaftVoterResponse,
  renewDelegationTokenRequest,
  renewDelegationTokenResponse,
  saslAuthenticateRequest,
  saslAuthenticateResponse,
  saslHandshakeRequest,
  saslHandshakeResponse,
  shareAcknowledgeRequest,
  shareAcknowledgeResponse,
  shareFetchRequest,
  shareFetchResponse,
  shareGroupDescribeRequest,
  shareGroupDescribeResponse,
  shareGroupHeartbeatRequest,
  shareGroupHeartbeatResponse,
  stopReplicaRequest,
  stopReplicaResponse,
  syncGroupRequest,
  syncGroupResponse,
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
  unregisterBrokerRequest,
  unregisterBrokerResponse,
  updateFeaturesRequest,
  updateFeaturesResponse,
  updateMetadataRequest,
  updateMetadataResponse,
  updateRaftVoterRequest,
  updateRaftVoterResponse,
  voteRequest,
  voteResponse,
  writeShareGroupStateRequest,
  writeShareGroupStateResponse,
  writeTxnMarkersRequest,
  writeTxnMarkersResponse,
  accessControlEntryRecord,
  removeAccessControlEntryRecord,
  registerBrokerRecord,
  unregisterBrokerRecord,
  brokerRegistrationChangeRecord,
  fenceBrokerRecord,
  unfenceBrokerRecord,
  configRecord,
  clientQuotaRecord,
  featureLevelRecord,
  registerControllerRecord,
  noOpRecord,
  zkMigrationStateRecord,
  userScramCredentialRecord,
  removeUserScramCredentialRecord,
  delegationTokenRecord,
  removeDelegationTokenRecord,
  producerIdsRecord,
  topicRecord,
  removeTopicRecord,
  partitionRecord,
  partitionChangeRecord,
  beginTransactionRecord,
  endTransactionRecord,
  abortTransactionRecord,
  defaultPrincipalData,
  leaderChangeMessage,
  snapshotHeaderRecord,
  snapshotFooterRecord,
  kRaftVersionRecord,
  votersRecord,
  quorumStateData,
  remoteLogSegmentMetadataRecord,
  remoteLogSegmentMetadataUpdateRecord,
  remotePartitionDeleteMetadataRecord,
  remoteLogSegmentMetadataSnapshotRecord,
  transactionLogKey,
  transactionLogValue,
];
