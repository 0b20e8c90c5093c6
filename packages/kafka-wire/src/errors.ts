/**
 * What a client does about an error: `fatal` gives up, `retry` tries again, `refresh` asks for new metadata first and
 * then tries again.
 */
type Treatment = 'fatal' | 'retry' | 'refresh';

// Codes and names are the protocol's; the treatment is that of the exception which Java's client raises
// (RetriableException, InvalidMetadataException). Source: `org.apache.kafka.common.protocol.Errors`, 3.9.
const TABLE = [
  [
    -1,
    'UNKNOWN_SERVER_ERROR',
    'fatal',
    'The broker failed in a way that has no error code of its own; its log has the cause.',
  ],
  [0, 'NONE', 'fatal', 'No error.'],
  [1, 'OFFSET_OUT_OF_RANGE', 'fatal', 'The offset lies outside of what the partition holds.'],
  [2, 'CORRUPT_MESSAGE', 'retry', 'The records are damaged: the checksum, a length or the compression does not hold.'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION', 'refresh', 'The broker has no such topic or partition.'],
  [4, 'INVALID_FETCH_SIZE', 'fatal', 'The fetch size is not allowed.'],
  [5, 'LEADER_NOT_AVAILABLE', 'refresh', 'The partition has no leader at the moment; an election is under way.'],
  [6, 'NOT_LEADER_OR_FOLLOWER', 'refresh', 'The broker is not the leader, or not a replica, of the partition.'],
  [7, 'REQUEST_TIMED_OUT', 'retry', 'The request was not done in time.'],
  [8, 'BROKER_NOT_AVAILABLE', 'fatal', 'The broker is not available.'],
  [9, 'REPLICA_NOT_AVAILABLE', 'refresh', 'The replica of the partition is not available on this broker.'],
  [10, 'MESSAGE_TOO_LARGE', 'fatal', 'A record batch is larger than the topic allows.'],
  [11, 'STALE_CONTROLLER_EPOCH', 'fatal', 'The request comes from a controller that has been replaced.'],
  [12, 'OFFSET_METADATA_TOO_LARGE', 'fatal', 'The metadata text of a committed offset is longer than allowed.'],
  [13, 'NETWORK_EXCEPTION', 'refresh', 'The connection broke before the answer arrived.'],
  [14, 'COORDINATOR_LOAD_IN_PROGRESS', 'retry', 'The coordinator is still loading its state.'],
  [15, 'COORDINATOR_NOT_AVAILABLE', 'retry', 'The coordinator is not available.'],
  [16, 'NOT_COORDINATOR', 'retry', 'The broker is not the coordinator.'],
  [17, 'INVALID_TOPIC_EXCEPTION', 'fatal', 'The topic name is not valid, or this topic is not open to the operation.'],
  [18, 'RECORD_LIST_TOO_LARGE', 'fatal', 'A record batch is larger than a log segment can be.'],
  [19, 'NOT_ENOUGH_REPLICAS', 'retry', 'Too few replicas are in sync to accept the records.'],
  [
    20,
    'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    'retry',
    'The records are in the log, but fewer replicas than required have them.',
  ],
  [21, 'INVALID_REQUIRED_ACKS', 'fatal', 'The number of required acknowledgements is not -1, 0 or 1.'],
  [22, 'ILLEGAL_GENERATION', 'fatal', 'The group has moved on from this generation.'],
  [23, 'INCONSISTENT_GROUP_PROTOCOL', 'fatal', "The member's protocols have nothing in common with the group's."],
  [24, 'INVALID_GROUP_ID', 'fatal', 'The group id is not valid.'],
  [25, 'UNKNOWN_MEMBER_ID', 'fatal', 'The coordinator does not know the member.'],
  [26, 'INVALID_SESSION_TIMEOUT', 'fatal', 'The session timeout lies outside of the limits that the broker sets.'],
  [27, 'REBALANCE_IN_PROGRESS', 'fatal', 'The group is rebalancing; the member has to join again.'],
  [28, 'INVALID_COMMIT_OFFSET_SIZE', 'fatal', 'The offset commit is too large to be stored.'],
  [29, 'TOPIC_AUTHORIZATION_FAILED', 'fatal', 'Access to the topic is denied.'],
  [30, 'GROUP_AUTHORIZATION_FAILED', 'fatal', 'Access to the group is denied.'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED', 'fatal', 'The operation on the cluster is denied.'],
  [32, 'INVALID_TIMESTAMP', 'fatal', 'A timestamp lies outside of what the topic allows.'],
  [33, 'UNSUPPORTED_SASL_MECHANISM', 'fatal', 'The broker does not offer this SASL mechanism.'],
  [34, 'ILLEGAL_SASL_STATE', 'fatal', 'The request does not fit the state of the SASL exchange.'],
  [35, 'UNSUPPORTED_VERSION', 'fatal', 'The broker does not support this version of the API.'],
  [36, 'TOPIC_ALREADY_EXISTS', 'fatal', 'A topic of this name exists already.'],
  [37, 'INVALID_PARTITIONS', 'fatal', 'The number of partitions is not allowed.'],
  [
    38,
    'INVALID_REPLICATION_FACTOR',
    'fatal',
    'The replication factor is not positive, or larger than the number of brokers.',
  ],
  [39, 'INVALID_REPLICA_ASSIGNMENT', 'fatal', 'The assignment of replicas is not valid.'],
  [40, 'INVALID_CONFIG', 'fatal', 'The configuration is not valid.'],
  [41, 'NOT_CONTROLLER', 'retry', 'The node is not the active controller.'],
  [42, 'INVALID_REQUEST', 'fatal', "The request contradicts itself or the API; the broker's log may say more."],
  [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'fatal', 'The message format of the log cannot do what is asked.'],
  [44, 'POLICY_VIOLATION', 'fatal', 'A policy of the cluster forbids it.'],
  [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'fatal', "The sequence number does not follow the producer's last one."],
  [46, 'DUPLICATE_SEQUENCE_NUMBER', 'fatal', 'The sequence number was seen before.'],
  [47, 'INVALID_PRODUCER_EPOCH', 'fatal', "The producer's epoch is out of date."],
  [48, 'INVALID_TXN_STATE', 'fatal', "The transaction's state does not allow it."],
  [49, 'INVALID_PRODUCER_ID_MAPPING', 'fatal', 'The producer id does not belong to the transactional id.'],
  [50, 'INVALID_TRANSACTION_TIMEOUT', 'fatal', 'The transaction timeout is larger than the broker allows.'],
  [51, 'CONCURRENT_TRANSACTIONS', 'retry', 'Another operation on the same transaction is under way.'],
  [
    52,
    'TRANSACTION_COORDINATOR_FENCED',
    'fatal',
    'The marker comes from a transaction coordinator that has been replaced.',
  ],
  [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'fatal', 'Access to the transactional id is denied.'],
  [54, 'SECURITY_DISABLED', 'fatal', 'No authorizer is configured, so there is nothing to manage.'],
  [55, 'OPERATION_NOT_ATTEMPTED', 'fatal', 'The operation was not tried, because another one of the request failed.'],
  [56, 'KAFKA_STORAGE_ERROR', 'refresh', 'The broker cannot read or write the disk with this log.'],
  [57, 'LOG_DIR_NOT_FOUND', 'fatal', 'The broker has no such log directory.'],
  [58, 'SASL_AUTHENTICATION_FAILED', 'fatal', 'Authentication failed.'],
  [59, 'UNKNOWN_PRODUCER_ID', 'fatal', 'The broker has no state of the producer; its records may be gone.'],
  [60, 'REASSIGNMENT_IN_PROGRESS', 'fatal', 'A reassignment of the partition is under way.'],
  [61, 'DELEGATION_TOKEN_AUTH_DISABLED', 'fatal', 'Delegation tokens are not enabled.'],
  [62, 'DELEGATION_TOKEN_NOT_FOUND', 'fatal', 'There is no such delegation token.'],
  [63, 'DELEGATION_TOKEN_OWNER_MISMATCH', 'fatal', 'The principal neither owns the delegation token nor may renew it.'],
  [
    64,
    'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED',
    'fatal',
    'Delegation tokens cannot be asked for over this kind of connection.',
  ],
  [65, 'DELEGATION_TOKEN_AUTHORIZATION_FAILED', 'fatal', 'Access to the delegation token is denied.'],
  [66, 'DELEGATION_TOKEN_EXPIRED', 'fatal', 'The delegation token has expired.'],
  [67, 'INVALID_PRINCIPAL_TYPE', 'fatal', 'The type of principal is not supported.'],
  [68, 'NON_EMPTY_GROUP', 'fatal', 'The group still has members.'],
  [69, 'GROUP_ID_NOT_FOUND', 'fatal', 'There is no such group.'],
  [70, 'FETCH_SESSION_ID_NOT_FOUND', 'retry', 'The broker has no such fetch session.'],
  [71, 'INVALID_FETCH_SESSION_EPOCH', 'retry', 'The request is not the next one of the fetch session.'],
  [
    72,
    'LISTENER_NOT_FOUND',
    'refresh',
    'The leader has no listener of the name under which the metadata was asked for.',
  ],
  [73, 'TOPIC_DELETION_DISABLED', 'fatal', 'Topics cannot be deleted: delete.topic.enable is off.'],
  [74, 'FENCED_LEADER_EPOCH', 'refresh', "The leader epoch is older than the broker's."],
  [75, 'UNKNOWN_LEADER_EPOCH', 'retry', "The leader epoch is newer than the broker's."],
  [76, 'UNSUPPORTED_COMPRESSION_TYPE', 'fatal', 'The client does not support the compression of the records.'],
  [77, 'STALE_BROKER_EPOCH', 'fatal', 'The broker has registered again since this epoch.'],
  [78, 'OFFSET_NOT_AVAILABLE', 'retry', 'The new leader does not know yet up to where records are committed.'],
  [79, 'MEMBER_ID_REQUIRED', 'fatal', 'The member has to join with the id that it was given.'],
  [80, 'PREFERRED_LEADER_NOT_AVAILABLE', 'refresh', 'The preferred leader is not available.'],
  [81, 'GROUP_MAX_SIZE_REACHED', 'fatal', 'The group has as many members as it may have.'],
  [82, 'FENCED_INSTANCE_ID', 'fatal', 'Another member has taken over this group instance id.'],
  [83, 'ELIGIBLE_LEADERS_NOT_AVAILABLE', 'refresh', 'None of the replicas that may lead is available.'],
  [84, 'ELECTION_NOT_NEEDED', 'refresh', 'The partition has the leader that was asked for.'],
  [85, 'NO_REASSIGNMENT_IN_PROGRESS', 'fatal', 'No reassignment of the partition is under way.'],
  [86, 'GROUP_SUBSCRIBED_TO_TOPIC', 'fatal', 'A member of the group subscribes to the topic.'],
  [87, 'INVALID_RECORD', 'fatal', 'A record is not valid.'],
  [88, 'UNSTABLE_OFFSET_COMMIT', 'retry', 'Offsets of open transactions have to be settled first.'],
  [89, 'THROTTLING_QUOTA_EXCEEDED', 'retry', 'A quota is used up for now.'],
  [90, 'PRODUCER_FENCED', 'fatal', 'A newer producer has the same transactional id.'],
  [91, 'RESOURCE_NOT_FOUND', 'fatal', 'The request refers to something that does not exist.'],
  [92, 'DUPLICATE_RESOURCE', 'fatal', 'The request refers to the same thing twice.'],
  [93, 'UNACCEPTABLE_CREDENTIAL', 'fatal', 'The credential does not meet the requirements.'],
  [94, 'INCONSISTENT_VOTER_SET', 'fatal', 'Sender and receiver do not agree on who may vote.'],
  [95, 'INVALID_UPDATE_VERSION', 'fatal', 'The version to update to is not allowed.'],
  [96, 'FEATURE_UPDATE_FAILED', 'fatal', 'The feature could not be updated.'],
  [
    97,
    'PRINCIPAL_DESERIALIZATION_FAILURE',
    'fatal',
    'The forwarded principal cannot be read; the security set-up of the brokers differs.',
  ],
  [98, 'SNAPSHOT_NOT_FOUND', 'fatal', 'There is no such snapshot.'],
  [99, 'POSITION_OUT_OF_RANGE', 'fatal', 'The position lies outside of the snapshot.'],
  [100, 'UNKNOWN_TOPIC_ID', 'refresh', 'The broker has no topic with this id.'],
  [101, 'DUPLICATE_BROKER_REGISTRATION', 'fatal', 'Another broker is registered under this id.'],
  [102, 'BROKER_ID_NOT_REGISTERED', 'fatal', 'No broker is registered under this id.'],
  [103, 'INCONSISTENT_TOPIC_ID', 'refresh', 'The topic id is not that of the log.'],
  [104, 'INCONSISTENT_CLUSTER_ID', 'fatal', 'The cluster id is not that of this cluster.'],
  [105, 'TRANSACTIONAL_ID_NOT_FOUND', 'fatal', 'There is no such transactional id.'],
  [106, 'FETCH_SESSION_TOPIC_ID_ERROR', 'retry', 'The fetch session mixes topic ids and names.'],
  [107, 'INELIGIBLE_REPLICA', 'fatal', 'A replica of the proposed ISR is not fit to be in it.'],
  [108, 'NEW_LEADER_ELECTED', 'fatal', 'The partition changed as asked, and the change gave it another leader.'],
  [109, 'OFFSET_MOVED_TO_TIERED_STORAGE', 'fatal', 'The offset has moved to tiered storage.'],
  [
    110,
    'FENCED_MEMBER_EPOCH',
    'fatal',
    "The member's epoch is fenced; it has to give up its partitions and join again.",
  ],
  [111, 'UNRELEASED_INSTANCE_ID', 'fatal', 'Another member still uses the group instance id and has to leave first.'],
  [112, 'UNSUPPORTED_ASSIGNOR', 'fatal', 'The group does not support the assignor, or not this version of it.'],
  [
    113,
    'STALE_MEMBER_EPOCH',
    'fatal',
    "The member's epoch is out of date; it learns the new one with its next heartbeat.",
  ],
  [
    114,
    'MISMATCHED_ENDPOINT_TYPE',
    'fatal',
    'The request went to a broker where a controller was meant, or the other way round.',
  ],
  [115, 'UNSUPPORTED_ENDPOINT_TYPE', 'fatal', 'This type of endpoint is not supported.'],
  [116, 'UNKNOWN_CONTROLLER_ID', 'fatal', 'There is no such controller.'],
  [117, 'UNKNOWN_SUBSCRIPTION_ID', 'fatal', 'The telemetry subscription is unknown or has been replaced.'],
  [118, 'TELEMETRY_TOO_LARGE', 'fatal', 'The telemetry data is larger than the broker accepts.'],
  [119, 'INVALID_REGISTRATION', 'fatal', 'The controller refuses the registration.'],
  [120, 'TRANSACTION_ABORTABLE', 'fatal', 'The transaction failed; the producer can abort it and go on.'],
  [121, 'INVALID_RECORD_STATE', 'fatal', 'The record cannot be acknowledged in its state.'],
  [122, 'SHARE_SESSION_NOT_FOUND', 'retry', 'There is no such share session.'],
  [123, 'INVALID_SHARE_SESSION_EPOCH', 'retry', 'The request is not the next one of the share session.'],
  [124, 'FENCED_STATE_EPOCH', 'fatal', "The epoch of the share group's state does not match."],
  [125, 'INVALID_VOTER_KEY', 'fatal', "The voter's directory id is not that of the receiving replica."],
  [126, 'DUPLICATE_VOTER', 'fatal', 'The voter is in the set of voters already.'],
  [127, 'VOTER_NOT_FOUND', 'fatal', 'The voter is not in the set of voters.'],
] as const;

/** Name of an error code, as the protocol guide writes it. */
export type ErrorName = (typeof TABLE)[number][1];

/** What is known of an error code. */
export interface ErrorEntry {
  /** int16, as messages carry it; 0 means success. */
  readonly code: number;
  readonly name: ErrorName;
  /** Whether the same request may succeed later. */
  readonly retriable: boolean;
  /** Whether the client's metadata may be out of date; only retriable errors are of that kind. */
  readonly invalidMetadata: boolean;
  /** One sentence for people. */
  readonly message: string;
}

/** Every error of Kafka 3.9, codes ascending from −1 to 127. */
export const ERRORS: readonly ErrorEntry[] = TABLE.map(([code, name, treatment, message]: Row) => ({
  code,
  name,
  retriable: treatment !== 'fatal',
  invalidMetadata: treatment === 'refresh',
  message,
}));

const BY_NAME: ReadonlyMap<string, ErrorEntry> = new Map(ERRORS.map((entry) => [entry.name, entry]));

/** The error with this name. */
export function errorByName(name: ErrorName): ErrorEntry;
/** The error with this name; undefined if there is none. */
export function errorByName(name: string): ErrorEntry | undefined;
export function errorByName(name: string): ErrorEntry | undefined {
  return BY_NAME.get(name);
}

/** The error with this code; undefined for a code that 3.9 does not know. */
export function errorByCode(code: number): ErrorEntry | undefined {
  return ERRORS[code + 1];
}

/** The code of an error, as messages carry it. */
export function errorCode(name: ErrorName): number {
  return errorByName(name).code;
}

/** The name of an error code, also of one that is newer than 3.9: such a code is named by its number. */
export function errorName(code: number): string {
  return errorByCode(code)?.name ?? `UNKNOWN(${code})`;
}

type Row = readonly [code: number, name: ErrorName, treatment: Treatment, message: string];
