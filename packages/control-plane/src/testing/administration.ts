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
  type CreateTopicsResponseCreatableTopicResult,
  createTopicsRequest,
  createTopicsResponse,
} from '@biquorum/kafka-wire/messages/create-topics';
import {
  type DeleteTopicsResponseDeletableTopicResult,
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '@biquorum/kafka-wire/messages/delete-topics';
import { electLeadersRequest, electLeadersResponse } from '@biquorum/kafka-wire/messages/elect-leaders';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import {
  collidingTopic,
  type NodeId,
  type Refusal,
  type TopicId,
  validateAssignment,
  validateCounts,
  validateTopicName,
} from '@biquorum/metadata';
import type { Random } from '@biquorum/platform';
import { ByteReader } from '@biquorum/std';
import type { ApiRange } from '../announcement.ts';
import type { TopicError, TopicSpec } from '../commands.ts';
import type { PlaneReply, PlaneRequest } from '../requests.ts';
import { changeConfigs, resourceOf } from './configs.ts';
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

/** Administration by clients under the reference plane: requests as bytes in, responses as bytes out. */
export class Administration {
  readonly #government: Government;
  readonly #config: ReferenceConfig;
  readonly #random: Random;

  constructor(government: Government, config: ReferenceConfig, random: Random) {
    this.#government = government;
    this.#config = config;
    this.#random = random;
  }

  handle(request: PlaneRequest): Promise<PlaneReply> | PlaneReply {
    switch (request.apiKey) {
      case CREATE_TOPICS:
        return this.#createTopics(request);
      case DELETE_TOPICS:
        return this.#deleteTopics(request);
      case ALTER_CONFIGS:
        return this.#alterConfigs(request);
      case CREATE_PARTITIONS:
        return this.#createPartitions(request);
      case ELECT_LEADERS:
        return this.#electLeaders(request);
      case INCREMENTAL_ALTER_CONFIGS:
        return this.#incrementalAlterConfigs(request);
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

  #createTopics(request: PlaneRequest): PlaneReply {
    const { topics, validateOnly } = decode(createTopicsRequest, request);
    const names = topics.map((topic) => topic.name);
    const rows: Init<CreateTopicsResponseCreatableTopicResult>[] = topics.map((topic) => {
      const twice = names.indexOf(topic.name) !== names.lastIndexOf(topic.name);
      const outcome: CreationOutcome = twice
        ? { error: 'INVALID_REQUEST', message: `topic ${topic.name} stands twice in the request` }
        : this.#createTopic(topic, validateOnly);
      return {
        name: topic.name,
        errorCode: errorCode(outcome.error),
        errorMessage: outcome.message,
        topicId: outcome.id ?? ZERO_UUID,
        numPartitions: outcome.assignment?.length ?? -1,
        replicationFactor: outcome.assignment?.[0]?.length ?? -1,
        configs: [],
      };
    });
    return encode(createTopicsResponse, request, { topics: rows });
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
    const changes = topic.configs.map((entry) => ({ ...entry, configOperation: 0 }));
    const configs = changeConfigs(resource, new Map(), changes, this.#config.isListConfig, this.#config.checkConfig);
    if (!configs.ok) return configs;
    const assignment = this.#assignmentFor(topic);
    if (!Array.isArray(assignment)) return assignment as Refusal;
    const id = this.#freshTopicId();
    if (!validateOnly) this.#government.createTopic(name, id, assignment, configs.values);
    return { error: 'NONE', message: null, id: validateOnly ? (ZERO_UUID as TopicId) : id, assignment };
  }

  #assignmentFor(topic: CreationWish): NodeId[][] | Refusal {
    const brokers = this.#usableBrokers();
    if (topic.assignments.length > 0) {
      if (topic.numPartitions !== -1 || topic.replicationFactor !== -1) {
        return { error: 'INVALID_REQUEST', message: 'give either counts or an assignment, not both' };
      }
      return this.#explicit(
        new Map(topic.assignments.map((row) => [row.partitionIndex, row.brokerIds as NodeId[]])),
        0,
      );
    }
    const partitions = topic.numPartitions === -1 ? this.#config.defaultPartitions : topic.numPartitions;
    const wanted = topic.replicationFactor;
    const replicationFactor = wanted === -1 ? this.#config.defaultReplicationFactor : wanted;
    const refusal = validateCounts(partitions, replicationFactor, brokers.length);
    return refusal ?? placeReplicas(brokers, partitions, replicationFactor, this.#random.uint32() % brokers.length);
  }

  #explicit(assignment: ReadonlyMap<number, readonly NodeId[]>, first: number): NodeId[][] | Refusal {
    const refusal = validateAssignment(assignment, (node) => this.#government.view.brokers.has(node), first);
    if (refusal !== null) return refusal;
    return Array.from({ length: assignment.size }, (_, index) => [...(assignment.get(first + index) ?? [])]);
  }

  async #deleteTopics(request: PlaneRequest): Promise<PlaneReply> {
    const { topics, topicNames } = decode(deleteTopicsRequest, request);
    const wanted = request.apiVersion >= 6 ? topics : topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
    const responses = await Promise.all(
      wanted.map(({ name, topicId }) => {
        const topic = name === null ? this.#government.view.topicById(topicId) : this.#government.view.topics.get(name);
        return this.#deleteTopic(topic, name, topicId as TopicId);
      }),
    );
    return encode(deleteTopicsResponse, request, { responses });
  }

  #deleteTopic(
    topic: { readonly name: string; readonly id: TopicId } | undefined,
    name: string | null,
    topicId: TopicId,
  ): Promise<Init<DeleteTopicsResponseDeletableTopicResult>> {
    const row = (error: ErrorName, message: string | null): Init<DeleteTopicsResponseDeletableTopicResult> => ({
      name: topic?.name ?? name,
      topicId: topic?.id ?? topicId,
      errorCode: errorCode(error),
      errorMessage: message,
    });
    if (topic === undefined) {
      return Promise.resolve(
        name === null
          ? row('UNKNOWN_TOPIC_ID', `no topic has id ${topicId}`)
          : row('UNKNOWN_TOPIC_OR_PARTITION', `there is no topic ${name}`),
      );
    }
    if (!this.#config.deleteTopicEnable) {
      return Promise.resolve(row('TOPIC_DELETION_DISABLED', 'delete.topic.enable is false'));
    }
    return new Promise((resolve) => {
      this.#government.deleteTopic(topic.name, () => resolve(row('NONE', null)));
    });
  }

  #createPartitions(request: PlaneRequest): PlaneReply {
    const { topics, validateOnly } = decode(createPartitionsRequest, request);
    const results = topics.map((topic) => {
      const refusal = this.#addPartitions(topic, validateOnly);
      return {
        name: topic.name,
        errorCode: errorCode(refusal?.error ?? 'NONE'),
        errorMessage: refusal?.message ?? null,
      };
    });
    return encode(createPartitionsResponse, request, { results });
  }

  #addPartitions(
    topic: CreatePartitionsRequestCreatePartitionsTopic,
    validateOnly: boolean,
  ): { readonly error: ErrorName; readonly message: string } | null {
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

  #incrementalAlterConfigs(request: PlaneRequest): PlaneReply {
    const { resources, validateOnly } = decode(incrementalAlterConfigsRequest, request);
    const responses = resources.map(({ resourceType, resourceName, configs }) =>
      this.#changeConfig(resourceType, resourceName, configs, false, validateOnly),
    );
    return encode(incrementalAlterConfigsResponse, request, { responses });
  }

  #alterConfigs(request: PlaneRequest): PlaneReply {
    const { resources, validateOnly } = decode(alterConfigsRequest, request);
    const responses = resources.map(({ resourceType, resourceName, configs }) => {
      const changes = configs.map((entry) => ({ ...entry, configOperation: 0 }));
      return this.#changeConfig(resourceType, resourceName, changes, true, validateOnly);
    });
    return encode(alterConfigsResponse, request, { responses });
  }

  #changeConfig(
    resourceType: number,
    resourceName: string,
    changes: readonly { readonly name: string; readonly configOperation: number; readonly value: string | null }[],
    replaces: boolean,
    validateOnly: boolean,
  ): Init<AlterConfigsResponse['responses'][number]> {
    const answer = (error: ErrorName, message: string | null) => ({
      resourceType,
      resourceName,
      errorCode: errorCode(error),
      errorMessage: message,
    });
    const resource = resourceOf(resourceType, resourceName);
    if (resource === undefined) return answer('INVALID_REQUEST', `resource type ${resourceType} cannot be configured`);
    const { view } = this.#government;
    if (resource.type === 'topic' && !view.topics.has(resourceName)) {
      return answer('UNKNOWN_TOPIC_OR_PARTITION', `there is no topic ${resourceName}`);
    }
    const before = replaces ? new Map<string, string>() : view.configOf(resource);
    const result = changeConfigs(resource, before, changes, this.#config.isListConfig, this.#config.checkConfig);
    if (!result.ok) return answer(result.error, result.message);
    if (!validateOnly) this.#government.setConfig(resource, result.values);
    return answer('NONE', null);
  }

  #electLeaders(request: PlaneRequest): PlaneReply {
    const { electionType, topicPartitions } = decode(electLeadersRequest, request);
    const kind = electionType === 0 ? 'preferred' : 'unclean';
    const all = topicPartitions === null;
    const wanted = topicPartitions ?? this.#everyPartition();
    const results = wanted.map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions
        .map((partitionId) => ({
          partitionId,
          error: this.#government.electLeader(topic, partitionId, kind) as ErrorName,
        }))
        // Asked for all, a client hears only of those where something was to be done.
        .filter(({ error }) => !all || error !== 'ELECTION_NOT_NEEDED')
        .map(({ partitionId, error }) => ({ partitionId, errorCode: errorCode(error), errorMessage: null })),
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
      this.#random.fill(bytes);
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

interface CreationOutcome {
  readonly error: ErrorName;
  readonly message: string | null;
  readonly id?: TopicId;
  readonly assignment?: readonly (readonly NodeId[])[];
}

function decode<Request>(codec: MessageCodec<Request>, request: PlaneRequest): Request {
  return codec.decode(new ByteReader(request.frame, request.bodyOffset), request.apiVersion);
}

function encode<Response>(codec: MessageCodec<Response>, request: PlaneRequest, value: Init<Response>): PlaneReply {
  return { kind: 'body', body: codec.toBytes(value, request.apiVersion) };
}
