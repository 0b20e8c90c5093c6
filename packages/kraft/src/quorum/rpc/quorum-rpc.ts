import type { NodeId } from '@biquorum/consensus';
import { errorCode, type Uuid, uuid, ZERO_UUID } from '@biquorum/kafka-wire';
import type { ErrorCode, ReplyMessage, RequestMessage } from '@biquorum/raft';
import { METADATA_PARTITION, METADATA_TOPIC } from '../names.ts';
import type { QuorumEndpoint } from '../options.ts';
import { endpointOf, formatVoterAddress, parseVoterAddress } from '../voter-address.ts';

/** Who speaks, and of which cluster. */
export interface QuorumIdentity {
  readonly clusterId: string;
  readonly nodeId: NodeId;
  /** Listener by which voters are reached, and by which addresses without a name are meant. */
  readonly listenerName: string;
}

/** A request that is refused before the engine sees it; the number is Kafka's error code, for the whole response. */
export interface RpcRefusal {
  readonly kind: 'refusal';
  readonly errorCode: number;
}

/** A request as the engine takes it. */
export interface RpcRequest<Request> {
  readonly kind: 'request';
  readonly from: NodeId;
  readonly message: Request;
}

/** A response that says nothing about the quorum; the request counts as lost. */
export interface RpcFault {
  readonly kind: 'fault';
  readonly reason: string;
}

/** One of Apache's RPCs beside the message of Raft that it carries. Decoders throw what the codecs throw. */
export interface QuorumRpc<Request extends RequestMessage, Reply extends ReplyMessage> {
  readonly apiKey: number;
  /** The version that is sent. */
  readonly version: number;
  encodeRequest(message: Request, self: QuorumIdentity): Uint8Array;
  decodeReply(body: Uint8Array, sent: Request): Reply | RpcFault;
  decodeRequest(body: Uint8Array, version: number, self: QuorumIdentity): RpcRequest<Request> | RpcRefusal;
  encodeReply(reply: Reply, version: number, self: QuorumIdentity): Uint8Array;
  encodeRefusal(refusal: RpcRefusal, version: number): Uint8Array;
}

const CODES: Readonly<Record<ErrorCode, number>> = {
  none: 0,
  fencedLeaderEpoch: errorCode('FENCED_LEADER_EPOCH'),
  unknownLeaderEpoch: errorCode('UNKNOWN_LEADER_EPOCH'),
  notLeaderOrFollower: errorCode('NOT_LEADER_OR_FOLLOWER'),
  invalidRequest: errorCode('INVALID_REQUEST'),
  invalidVoterKey: errorCode('INVALID_VOTER_KEY'),
  snapshotNotFound: errorCode('SNAPSHOT_NOT_FOUND'),
  positionOutOfRange: errorCode('POSITION_OUT_OF_RANGE'),
  requestTimedOut: errorCode('REQUEST_TIMED_OUT'),
  voterNotFound: errorCode('VOTER_NOT_FOUND'),
};

const NAMES = new Map((Object.keys(CODES) as ErrorCode[]).map((name) => [CODES[name], name]));

/** Kafka's number of an error. */
export function codeOf(error: ErrorCode): number {
  return CODES[error];
}

/** The error with this number; undefined where it says nothing that Raft knows. */
export function errorOf(code: number): ErrorCode | undefined {
  return NAMES.get(code);
}

export function fault(reason: string): RpcFault {
  return { kind: 'fault', reason };
}

export function refusal(name: 'INCONSISTENT_CLUSTER_ID' | 'INVALID_REQUEST'): RpcRefusal {
  return { kind: 'refusal', errorCode: errorCode(name) };
}

/** A directory id as the wire has it. */
export function toUuid(directory: string): Uuid {
  return directory === '' ? ZERO_UUID : uuid(directory);
}

/** A directory id as Raft has it: empty when unknown. */
export function fromUuid(id: Uuid): string {
  return id === ZERO_UUID ? '' : id;
}

/** Whether a request names another cluster. Those that name none are served, as Apache does. */
export function isOtherCluster(clusterId: string | null, self: QuorumIdentity): boolean {
  return clusterId !== null && clusterId !== self.clusterId;
}

interface NamedTopic<Partition> {
  readonly topicName: string;
  readonly partitions: readonly Partition[];
}

/** The one partition that a request or response of the quorum speaks of; undefined where it speaks of others. */
export function onlyPartition<Partition extends { readonly partitionIndex: number }>(
  topics: readonly NamedTopic<Partition>[],
): Partition | undefined {
  const [topic] = topics;
  if (topics.length !== 1 || topic === undefined || topic.topicName !== METADATA_TOPIC) return undefined;
  const [partition] = topic.partitions;
  return topic.partitions.length === 1 && partition?.partitionIndex === METADATA_PARTITION ? partition : undefined;
}

interface NodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

/** The tagged list that tells where the leader is. */
export function leaderEndpoints(leader: NodeId, address: string, self: QuorumIdentity): readonly NodeEndpoint[] {
  const endpoint = endpointOf(parseVoterAddress(address), self.listenerName);
  if (leader < 0 || endpoint === undefined) return [];
  return [{ nodeId: leader, host: endpoint.host, port: endpoint.port }];
}

/** The leader's address in that list; empty where it is not in it. */
export function leaderAddress(leader: NodeId, endpoints: readonly NodeEndpoint[]): string {
  const found = endpoints.find(({ nodeId }) => nodeId === leader);
  return found === undefined ? '' : addressOf([{ name: '', host: found.host, port: found.port }]);
}

/** A voter's listeners as the wire has them. */
export function listenersOf(address: string, self: QuorumIdentity): readonly QuorumEndpoint[] {
  const { endpoints } = parseVoterAddress(address);
  return endpoints.map(({ name, host, port }) => ({ name: name === '' ? self.listenerName : name, host, port }));
}

export function addressOf(endpoints: readonly QuorumEndpoint[]): string {
  return formatVoterAddress({ endpoints, kraftVersions: undefined });
}
