import {
  apiByKey,
  type ErrorName,
  errorCode,
  type Init,
  type MessageCodec,
  uuidFromBytes,
  ZERO_UUID,
} from '@biquorum/kafka-wire';
import {
  type AlterConfigsResponse,
  alterConfigsRequest,
  alterConfigsResponse,
} from '@biquorum/kafka-wire/messages/alter-configs';
import {
  type CreatePartitionsRequestCreatePartitionsTopic,
  createPartitionsRequest,
  createPartitionsResponse,
} from '@biquorum/kafka-wire/messages/create-partitions';
import {
  type CreateTopicsRequestCreatableTopic,
  createTopicsRequest,
  createTopicsResponse,
} from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { electLeadersRequest, electLeadersResponse } from '@biquorum/kafka-wire/messages/elect-leaders';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import {
  collidingTopic,
  METADATA_TOPIC,
  type NodeId,
  type Refusal,
  type TopicId,
  type TopicView,
  validateAssignment,
  validateCounts,
  validateTopicName,
} from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { ByteReader } from '@biquorum/std';
import type { ApiRange } from '../announcement.ts';
import type { TopicError, TopicSpec } from '../commands.ts';
import type { Action, PlaneReply, PlaneRequest } from '../requests.ts';
import { asSet, type CreationOutcome, creationRow, electionMessage } from './administration-answers.ts';
import { type ConfigChange, changeConfigs, resourceOf } from './configs.ts';
import type { Government } from './government.ts';
import { placeReplicas } from './placement.ts';
import type { ReferenceConfig } from './reference-cluster.ts';

const CREATE_TOPICS = 19;
const DELETE_TOPICS = 20;
const ALTER_CONFIGS = 33;
const CREATE_PARTITIONS = 37;
const ELECT_LEADERS = 43;
const INCREMENTAL_ALTER_CONFIGS = 44;

/** What this plane serves of administration. */
export const ADMINISTRATION_APIS: readonly ApiRange[] = [
  CREATE_TOPICS,
  DELETE_TOPICS,
  ALTER_CONFIGS,
  CREATE_PARTITIONS,
  ELECT_LEADERS,
  INCREMENTAL_ALTER_CONFIGS,
].map((apiKey) => {
  const api = apiByKey(apiKey);
  return { apiKey, min: api?.lowestVersion ?? 0, max: api?.highestVersion ?? -1 };
});

/** Asks an authorizer. */
export type Permission = (action: Action) => boolean;

const CLUSTER = { type: 'Cluster', name: 'kafka-cluster' } as const;

/** Administration by clients under the reference plane: requests as bytes in, responses as bytes out. */
export class Administration {
  readonly #government: Government;
  readonly #config: ReferenceConfig;
  readonly #ports: Pick<Ports, 'random' | 'timers'>;

  constructor(government: Government, config: ReferenceConfig, ports: Pick<Ports, 'random' | 'timers'>) {
    this.#government = government;
    this.#config = config;
    this.#ports = ports;
  }

  /** @param may asks the broker's authorizer on behalf of whoever sent the request */
  handle(request: PlaneRequest, may: Permission): Promise<PlaneReply> | PlaneReply {
    switch (request.apiKey) {
      case CREATE_TOPICS:
        return this.#createTopics(request, may);
      case DELETE_TOPICS:
        return this.#deleteTopics(request, may);
      case ALTER_CONFIGS:
        return this.#alterConfigs(request, may);
      case CREATE_PARTITIONS:
        return this.#createPartitions(request, may);
      case ELECT_LEADERS:
        return this.#electLeaders(request, may);
      case INCREMENTAL_ALTER_CONFIGS:
        return this.#incrementalAlterConfigs(request, may);
      default:
        return { kind: 'close', reason: `API key ${request.apiKey} is not served by this plane` };
    }
  }

  /** Creation that a broker starts. */
  create(topic: TopicSpec): TopicError {
    const configs = [...topic.configs].map(([name, value]) => ({ name, value }));
    const wanted = {
      name: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: topic.replicationFactor,
      assignments: [],
      configs,
    };
    const result = this.#createTopic(wanted, false);
    return { name: topic.name, error: result.error, message: result.message };
  }

  #createTopics(request: PlaneRequest, may: Permission): PlaneReply {
    const { topics, validateOnly } = decode(createTopicsRequest, request);
    const inCluster = may({ operation: 'Create', resource: CLUSTER });
    // A name that stands twice is answered once.
    const rows = [...Map.groupBy(topics, ({ name }) => name)].map(([name, [topic, ...more]]) => {
      const resource = { type: 'Topic', name } as const;
      const described = may({ operation: 'DescribeConfigs', resource });
      return creationRow(
        name,
        described,
        this.#creation(topic as CreationWish, more.length > 0, validateOnly, () => {
          return name !== METADATA_TOPIC && (inCluster || may({ operation: 'Create', resource }));
        }),
      );
    });
    return encode(createTopicsResponse, request, { topics: rows });
  }

  #creation(topic: CreationWish, isTwice: boolean, validateOnly: boolean, isAllowed: () => boolean): CreationOutcome {
    if (isTwice) {
      return { error: 'INVALID_REQUEST', message: `topic ${topic.name} stands twice in the request; name it once` };
    }
    if (!isAllowed()) return { error: 'TOPIC_AUTHORIZATION_FAILED', message: null };
    return this.#createTopic(topic, validateOnly);
  }

  #createTopic(topic: CreationWish, validateOnly: boolean): CreationOutcome {
    const { name } = topic;
    const { view } = this.#government;
    const refusal = validateTopicName(name);
    if (refusal !== null) return refusal;
    if (view.topics.has(name)) return { error: 'TOPIC_ALREADY_EXISTS', message: `Topic '${name}' already exists.` };
    const collision = collidingTopic(name, view.topics.keys());
    if (collision !== undefined) {
      return {
        error: 'INVALID_TOPIC_EXCEPTION',
        message: `topic ${name} collides with ${collision}: they differ only in "." and "_"`,
      };
    }
    const resource = { type: 'topic', name } as const;
    const unset = topic.configs.find(({ value }) => value === null);
    if (unset !== undefined) {
      return { error: 'INVALID_CONFIG', message: `key ${unset.name} has no value; leave it out for the default` };
    }
    const changes = topic.configs.map((entry) => ({ ...entry, configOperation: 0 }));
    const configs = changeConfigs(resource, new Map(), changes, this.#config.isListConfig, this.#config.checkConfig);
    if (!configs.ok) return configs;
    const assignment = this.#assignmentFor(topic);
    if (!Array.isArray(assignment)) return assignment as Refusal;
    const id = this.#freshTopicId();
    if (!validateOnly) this.#government.createTopic(name, id, assignment, configs.values);
    const described = this.#config.describeTopic?.(configs.values) ?? asSet(configs.values);
    return { error: 'NONE', message: null, id: validateOnly ? (ZERO_UUID as TopicId) : id, assignment, described };
  }

  #assignmentFor(topic: CreationWish): NodeId[][] | Refusal {
    const brokers = this.#usableBrokers();
    if (topic.assignments.length > 0) {
      if (topic.numPartitions !== -1 || topic.replicationFactor !== -1) {
        return { error: 'INVALID_REQUEST', message: 'give either counts or an assignment, not both' };
      }
      const rows = new Map(topic.assignments.map((row) => [row.partitionIndex, row.brokerIds as NodeId[]]));
      if (rows.size < topic.assignments.length) {
        return { error: 'INVALID_REPLICA_ASSIGNMENT', message: 'a partition is assigned twice; assign each once' };
      }
      return this.#explicit(rows, 0);
    }
    const partitions = topic.numPartitions === -1 ? this.#config.defaultPartitions : topic.numPartitions;
    const wanted = topic.replicationFactor;
    const replicationFactor = wanted === -1 ? this.#config.defaultReplicationFactor : wanted;
    const refusal = validateCounts(partitions, replicationFactor, brokers.length);
    return (
      refusal ?? placeReplicas(brokers, partitions, replicationFactor, this.#ports.random.uint32() % brokers.length)
    );
  }

  #explicit(assignment: ReadonlyMap<number, readonly NodeId[]>, first: number): NodeId[][] | Refusal {
    const refusal = validateAssignment(assignment, (node) => this.#government.view.brokers.has(node), first);
    if (refusal !== null) return refusal;
    const usable = new Set(this.#usableBrokers().map(({ id }) => id));
    for (const [partition, replicas] of assignment) {
      if (replicas.some((node) => usable.has(node))) continue;
      const message = `all brokers of partition ${partition} are fenced or shutting down; assign a live one`;
      return { error: 'INVALID_REPLICA_ASSIGNMENT', message };
    }
    return Array.from({ length: assignment.size }, (_, index) => [...(assignment.get(first + index) ?? [])]);
  }

  async #deleteTopics(request: PlaneRequest, may: Permission): Promise<PlaneReply> {
    const { topics, topicNames, timeoutMs } = decode(deleteTopicsRequest, request);
    const wanted = request.apiVersion >= 6 ? topics : topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
    const { view } = this.#government;
    const rows = wanted.map(({ name, topicId }): DeletionWish => {
      const known = name === null ? view.topicById(topicId) : view.topics.get(name);
      return { name: known?.name ?? name, topicId: known?.id ?? topicId, asked: { name, topicId }, known };
    });
    const refusals = rows.map((row) => this.#deletionRefusal(row, rows, request.apiVersion, may));
    const responses = await Promise.all(
      rows.map(async (row, index) => {
        const refusal = refusals[index] ?? (await this.#delete(row.known as TopicView, timeoutMs));
        return {
          // Who may not see a topic is not told what the id that he guessed belongs to.
          name: refusal?.error === 'TOPIC_AUTHORIZATION_FAILED' ? row.asked.name : row.name,
          topicId: refusal?.error === 'TOPIC_AUTHORIZATION_FAILED' ? row.asked.topicId : row.topicId,
          errorCode: errorCode(refusal?.error ?? 'NONE'),
          errorMessage: refusal?.message ?? null,
        };
      }),
    );
    return encode(deleteTopicsResponse, request, { responses });
  }

  /** Why a topic is not deleted, in the order in which Kafka asks. */
  #deletionRefusal(row: DeletionWish, all: readonly DeletionWish[], version: number, may: Permission): Failure | null {
    const { name, topicId } = row.asked;
    if (!this.#config.deleteTopicEnable) {
      const error = version >= 3 ? 'TOPIC_DELETION_DISABLED' : 'INVALID_REQUEST';
      return { error, message: 'topics cannot be deleted: delete.topic.enable is false' };
    }
    if (name !== null && topicId !== ZERO_UUID) {
      return { error: 'INVALID_REQUEST', message: `topic ${name} is named by name and by id; give one of them` };
    }
    if (name === null && topicId === ZERO_UUID) {
      return { error: 'INVALID_REQUEST', message: 'neither name nor id of the topic is given; give one of them' };
    }
    const isTwice = all.some((other) => other !== row && other.name === row.name && other.topicId === row.topicId);
    if (isTwice) return { error: 'INVALID_REQUEST', message: 'the topic stands twice in the request; name it once' };
    if (row.known === undefined && name === null) {
      return { error: 'UNKNOWN_TOPIC_ID', message: `no topic has id ${topicId}` };
    }
    const resource = { type: 'Topic', name: row.name ?? '' } as const;
    if (!may({ operation: 'Delete', resource })) return { error: 'TOPIC_AUTHORIZATION_FAILED', message: null };
    if (row.known !== undefined) return null;
    return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: `there is no topic ${name}` };
  }

  /** Deletes; waits as long as the client does. A deletion that takes longer goes on all the same. */
  #delete(topic: TopicView, timeoutMs: number): Promise<Failure | null> {
    return new Promise((resolve) => {
      const timer = this.#ports.timers.set(Math.max(0, timeoutMs), () => {
        resolve({ error: 'REQUEST_TIMED_OUT', message: `the deletion of ${topic.name} goes on` });
      });
      this.#government.deleteTopic(topic.name, () => {
        timer.cancel();
        resolve(null);
      });
    });
  }

  #createPartitions(request: PlaneRequest, may: Permission): PlaneReply {
    const { topics, validateOnly } = decode(createPartitionsRequest, request);
    const results = [...Map.groupBy(topics, ({ name }) => name)].map(([name, [topic, ...more]]) => {
      const refusal = this.#growth(topic as Growth, more.length > 0, validateOnly, may);
      return { name, errorCode: errorCode(refusal?.error ?? 'NONE'), errorMessage: refusal?.message ?? null };
    });
    return encode(createPartitionsResponse, request, { results });
  }

  #growth(topic: Growth, isTwice: boolean, validateOnly: boolean, may: Permission): Failure | null {
    if (isTwice) {
      return { error: 'INVALID_REQUEST', message: `topic ${topic.name} stands twice in the request; name it once` };
    }
    if (!may({ operation: 'Alter', resource: { type: 'Topic', name: topic.name } })) {
      return { error: 'TOPIC_AUTHORIZATION_FAILED', message: null };
    }
    return this.#addPartitions(topic, validateOnly);
  }

  #addPartitions(topic: Growth, validateOnly: boolean): Failure | null {
    const known = this.#government.view.topics.get(topic.name);
    if (known === undefined) {
      return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: `there is no topic ${topic.name}` };
    }
    const present = known.partitionCount;
    const more = topic.count - present;
    if (more <= 0) {
      return {
        error: 'INVALID_PARTITIONS',
        message: `topic ${topic.name} has ${present} partitions; ${topic.count} would not be more`,
      };
    }
    const replicationFactor = known.replicasOf(0).length;
    const brokers = this.#usableBrokers();
    let assignment: NodeId[][] | Refusal;
    if (topic.assignments === null) {
      const refusal = validateCounts(more, replicationFactor, brokers.length);
      assignment = refusal ?? placeReplicas(brokers, more, replicationFactor, present % brokers.length);
    } else {
      const rows = topic.assignments.map((row, index) => [present + index, row.brokerIds as NodeId[]] as const);
      if (rows.length !== more) {
        return {
          error: 'INVALID_REPLICA_ASSIGNMENT',
          message: `${more} partitions are added, ${rows.length} are assigned`,
        };
      }
      assignment = this.#explicit(new Map(rows), present);
    }
    if (!Array.isArray(assignment)) return assignment;
    if (!validateOnly) this.#government.addPartitions(topic.name, assignment);
    return null;
  }

  #incrementalAlterConfigs(request: PlaneRequest, may: Permission): PlaneReply {
    const { resources, validateOnly } = decode(incrementalAlterConfigsRequest, request);
    const isTwice = twiceIn(resources);
    const responses = resources.map((wish) =>
      this.#changeConfig({ ...wish, replaces: false }, isTwice(wish), validateOnly, may),
    );
    return encode(incrementalAlterConfigsResponse, request, { responses });
  }

  #alterConfigs(request: PlaneRequest, may: Permission): PlaneReply {
    const { resources, validateOnly } = decode(alterConfigsRequest, request);
    const isTwice = twiceIn(resources);
    const responses = resources.map((wish) => {
      const configs = wish.configs.map((entry) => ({ ...entry, configOperation: 0 }));
      return this.#changeConfig({ ...wish, configs, replaces: true }, isTwice(wish), validateOnly, may);
    });
    return encode(alterConfigsResponse, request, { responses });
  }

  #changeConfig(
    { resourceType, resourceName, configs: changes, replaces }: ConfigWish,
    isTwice: boolean,
    validateOnly: boolean,
    may: Permission,
  ): Init<AlterConfigsResponse['responses'][number]> {
    const answer = (error: ErrorName, message: string | null) => ({
      resourceType,
      resourceName,
      errorCode: errorCode(error),
      errorMessage: message,
    });
    if (isTwice) return answer('INVALID_REQUEST', `resource ${resourceName} stands twice in the request; name it once`);
    const resource = resourceOf(resourceType, resourceName);
    if (resource === undefined) return answer('INVALID_REQUEST', `resource type ${resourceType} cannot be configured`);
    const acted = resource.type === 'topic' ? ({ type: 'Topic', name: resourceName } as const) : CLUSTER;
    if (!may({ operation: 'AlterConfigs', resource: acted })) {
      return answer(acted === CLUSTER ? 'CLUSTER_AUTHORIZATION_FAILED' : 'TOPIC_AUTHORIZATION_FAILED', null);
    }
    if (resource.type === 'broker' && !/^\d*$/.test(resourceName)) {
      return answer('INVALID_REQUEST', `broker "${resourceName}" is no number; name a broker's id, or none for all`);
    }
    const { view } = this.#government;
    if (resource.type === 'topic' && !view.topics.has(resourceName)) {
      return answer('UNKNOWN_TOPIC_OR_PARTITION', `there is no topic ${resourceName}`);
    }
    if (resource.type === 'broker' && resourceName !== '' && !view.brokers.has(Number(resourceName))) {
      return answer('BROKER_ID_NOT_REGISTERED', `there is no broker ${resourceName}`);
    }
    const before = replaces ? new Map<string, string>() : view.configOf(resource);
    const result = changeConfigs(resource, before, changes, this.#config.isListConfig, this.#config.checkConfig);
    if (!result.ok) return answer(result.error, result.message);
    if (!validateOnly) this.#government.setConfig(resource, result.values);
    return answer('NONE', null);
  }

  #electLeaders(request: PlaneRequest, may: Permission): PlaneReply {
    const { electionType, topicPartitions } = decode(electLeadersRequest, request);
    const refuse = (error: ErrorName): PlaneReply =>
      encode(electLeadersResponse, request, { errorCode: errorCode(error), replicaElectionResults: [] });
    if (!may({ operation: 'Alter', resource: CLUSTER })) return refuse('CLUSTER_AUTHORIZATION_FAILED');
    if (electionType !== 0 && electionType !== 1) return refuse('INVALID_REQUEST');
    const kind = electionType === 0 ? 'preferred' : 'unclean';
    const all = topicPartitions === null;
    const wanted = topicPartitions ?? this.#everyPartition();
    const results = wanted.map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions
        .map((partitionId) => ({ partitionId, error: this.#government.electLeader(topic, partitionId, kind) }))
        // Asked for all, a client hears only of those where something was to be done.
        .filter(({ error }) => !all || error !== 'ELECTION_NOT_NEEDED')
        .map(({ partitionId, error }) => ({
          partitionId,
          errorCode: errorCode(error),
          errorMessage: error === 'NONE' ? null : electionMessage(error, `${topic}-${partitionId}`),
        })),
    }));
    const replicaElectionResults = results.filter(({ partitionResult }) => partitionResult.length > 0);
    return encode(electLeadersResponse, request, { replicaElectionResults });
  }

  #everyPartition(): { topic: string; partitions: number[] }[] {
    return [...this.#government.view.topics.values()].map((topic) => ({
      topic: topic.name,
      partitions: Array.from({ length: topic.partitionCount }, (_, index) => index),
    }));
  }

  #usableBrokers(): { readonly id: NodeId; readonly rack: string | null }[] {
    return [...this.#government.view.brokers.values()].filter((broker) => !broker.fenced && !broker.shuttingDown);
  }

  /** A random uuid, version 4, of the form that Kafka gives to topics: not starting with "-", not a reserved one. */
  #freshTopicId(): TopicId {
    for (;;) {
      const bytes = new Uint8Array(16);
      this.#ports.random.fill(bytes);
      bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
      bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
      const id = uuidFromBytes(bytes);
      if (!id.startsWith('-')) return id;
    }
  }
}

type CreationWish = Pick<
  CreateTopicsRequestCreatableTopic,
  'name' | 'numPartitions' | 'replicationFactor' | 'assignments' | 'configs'
>;

type Growth = CreatePartitionsRequestCreatePartitionsTopic;

interface DeletionWish {
  readonly asked: { readonly name: string | null; readonly topicId: TopicId };
  readonly name: string | null;
  readonly topicId: TopicId;
  readonly known: TopicView | undefined;
}

interface ConfigWish {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly ConfigChange[];
  /** AlterConfigs replaces the whole configuration, the incremental one changes it. */
  readonly replaces: boolean;
}

interface Failure {
  readonly error: ErrorName;
  readonly message: string | null;
}

function twiceIn(resources: readonly ConfigResourceName[]): (resource: ConfigResourceName) => boolean {
  return (one) =>
    resources.some(
      (other) => other !== one && other.resourceType === one.resourceType && other.resourceName === one.resourceName,
    );
}

type ConfigResourceName = Pick<ConfigWish, 'resourceType' | 'resourceName'>;

function decode<Request>(codec: MessageCodec<Request>, request: PlaneRequest): Request {
  return codec.decode(new ByteReader(request.frame, request.bodyOffset), request.apiVersion);
}

function encode<Response>(codec: MessageCodec<Response>, request: PlaneRequest, value: Init<Response>): PlaneReply {
  return { kind: 'body', body: codec.toBytes(value, request.apiVersion) };
}
