import type { Action } from '@biquorum/control-plane';
import { errorCode, type Init, type Uuid, ZERO_UUID } from '@biquorum/kafka-wire';
import {
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  createPartitionsRequest,
  createPartitionsResponse,
} from '@biquorum/kafka-wire/messages/create-partitions';
import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  createTopicsRequest,
  createTopicsResponse,
} from '@biquorum/kafka-wire/messages/create-topics';
import {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  type DeleteTopicsResponseDeletableTopicResult,
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '@biquorum/kafka-wire/messages/delete-topics';
import { METADATA_TOPIC } from '@biquorum/metadata';
import { ControllerFault, type Failure, failure } from '../fault.ts';
import type { ControllerRequest } from '../request.ts';
import { createPartitions, createTopics, deleteTopics, failedRow } from '../topics.ts';
import { type ApiDefinition, type ApiHost, CLUSTER } from './api.ts';

export const createTopicsApi: ApiDefinition<CreateTopicsRequest, CreateTopicsResponse> = {
  request: createTopicsRequest,
  response: createTopicsResponse,
  async respond(host, body, request) {
    const may = topicPermission(host, request);
    const mayAll = host.authorize(request.context, { operation: 'Create', resource: CLUSTER });
    const twice = duplicates(body.topics.map(({ name }) => name));
    const refusals = new Map<string, Failure>();
    for (const { name } of body.topics) {
      if (twice.has(name)) refusals.set(name, failure('INVALID_REQUEST', 'Duplicate topic name.'));
      else if (name === METADATA_TOPIC) {
        refusals.set(name, failure('INVALID_REQUEST', `Creation of internal topic ${METADATA_TOPIC} is prohibited.`));
      } else if (!mayAll && !may('Create', name)) {
        refusals.set(name, failure('TOPIC_AUTHORIZATION_FAILED', 'Authorization failed.'));
      }
    }
    const topics = body.topics.filter(({ name }) => !refusals.has(name));
    const mayDescribe = (name: string): boolean => may('DescribeConfigs', name);
    const rows =
      topics.length === 0
        ? []
        : await host.decide((situation) =>
            createTopics(situation, { topics, validateOnly: body.validateOnly }, mayDescribe),
          );
    return { topics: [...rows, ...[...refusals].map(([name, refusal]) => failedRow(name, refusal))] };
  },
  fail: ({ error, message }, { topics }) => ({
    topics: topics.map(({ name }) => failedRow(name, { error, message })),
  }),
};

export const deleteTopicsApi: ApiDefinition<DeleteTopicsRequest, DeleteTopicsResponse> = {
  request: deleteTopicsRequest,
  response: deleteTopicsResponse,
  async respond(host, body, request) {
    if (!host.deleteTopicEnable) {
      throw request.apiVersion < 3
        ? new ControllerFault('INVALID_REQUEST', 'Topic deletion is disabled.')
        : new ControllerFault('TOPIC_DELETION_DISABLED');
    }
    const plan = deletionPlan(host, body, request);
    const outcomes =
      plan.names.size === 0
        ? new Map<Uuid, Failure>()
        : await host.decide((situation) => deleteTopics(situation, plan.names.keys()));
    const done = [...outcomes].map(([id, outcome]) => deletedRow(plan.names.get(id) ?? null, id, outcome));
    return { responses: [...plan.refused, ...done] };
  },
  fail: ({ code }, { topics, topicNames }) => ({
    responses: [
      ...topicNames.map((name) => ({ name, errorCode: code })),
      ...topics.map(({ name, topicId }) => ({ name, topicId, errorCode: code })),
    ],
  }),
};

export const createPartitionsApi: ApiDefinition<CreatePartitionsRequest, CreatePartitionsResponse> = {
  request: createPartitionsRequest,
  response: createPartitionsResponse,
  async respond(host, { topics, validateOnly }, request) {
    const may = topicPermission(host, request);
    const twice = duplicates(topics.map(({ name }) => name));
    const once = topics.filter(({ name }) => !twice.has(name));
    const allowed = once.filter(({ name }) => may('Alter', name));
    const refused = once.filter((topic) => !allowed.includes(topic));
    const rows =
      allowed.length === 0 ? [] : await host.decide((situation) => createPartitions(situation, allowed, validateOnly));
    return {
      results: [
        ...[...twice].map((name) => ({
          name,
          errorCode: errorCode('INVALID_REQUEST'),
          errorMessage: 'Duplicate topic name.',
        })),
        ...refused.map(({ name }) => ({
          name,
          errorCode: errorCode('TOPIC_AUTHORIZATION_FAILED'),
          errorMessage: null,
        })),
        ...rows,
      ],
    };
  },
  fail: ({ code, message }, { topics }) => ({
    results: topics.map(({ name }) => ({ name, errorCode: code, errorMessage: message })),
  }),
};

type TopicPermission = (operation: Action['operation'], name: string) => boolean;

function topicPermission(host: ApiHost, { context }: ControllerRequest): TopicPermission {
  return (operation, name) => host.authorize(context, { operation, resource: { type: 'Topic', name } });
}

interface DeletionPlan {
  /** Names of the topics to delete, by id. */
  readonly names: Map<Uuid, string>;
  readonly refused: Init<DeleteTopicsResponseDeletableTopicResult>[];
}

/**
 * Sorts out what a deletion names: twice, by name and id at once, unknown, or not the client's to delete. Who may not
 * see a topic is not told the name behind an id.
 */
function deletionPlan(host: ApiHost, body: DeleteTopicsRequest, request: ControllerRequest): DeletionPlan {
  const { view } = host.committed();
  const names = new Map<Uuid, string>();
  const refused: DeletionPlan['refused'] = [];
  const refuse = (name: string | null, id: Uuid, why: Failure): void => {
    refused.push(deletedRow(name, id, why));
  };
  const byName: string[] = [...body.topicNames];
  const byId: Uuid[] = [];
  for (const { name, topicId } of body.topics) {
    if (name === null && topicId === ZERO_UUID) {
      refuse(null, ZERO_UUID, failure('INVALID_REQUEST', 'Neither topic name nor id were specified.'));
    } else if (name === null) byId.push(topicId);
    else if (topicId === ZERO_UUID) byName.push(name);
    else refuse(name, topicId, failure('INVALID_REQUEST', 'You may not specify both topic name and topic id.'));
  }
  const twiceNamed = duplicates(byName);
  const twiceById = duplicates(byId);
  for (const name of twiceNamed) refuse(name, ZERO_UUID, failure('INVALID_REQUEST', 'Duplicate topic name.'));
  for (const id of twiceById) refuse(null, id, failure('INVALID_REQUEST', 'Duplicate topic id.'));

  const may = topicPermission(host, request);
  const mayAll = host.authorize(request.context, { operation: 'Delete', resource: CLUSTER });
  const mayDelete = (name: string): boolean => mayAll || may('Delete', name);
  const mayDescribe = (name: string): boolean => mayAll || may('Describe', name);
  for (const id of byId) {
    if (twiceById.has(id)) continue;
    const name = view.topicById(id)?.name;
    if (name === undefined) refuse(null, id, failure('UNKNOWN_TOPIC_ID'));
    else if (mayDelete(name)) names.set(id, name);
    else refuse(mayDescribe(name) ? name : null, id, failure('TOPIC_AUTHORIZATION_FAILED'));
  }
  for (const name of byName) {
    if (twiceNamed.has(name)) continue;
    const id = view.topics.get(name)?.id;
    if (!mayDescribe(name)) refuse(name, ZERO_UUID, failure('TOPIC_AUTHORIZATION_FAILED'));
    else if (id === undefined) refuse(name, ZERO_UUID, failure('UNKNOWN_TOPIC_OR_PARTITION'));
    else if (!mayDelete(name)) refuse(name, ZERO_UUID, failure('TOPIC_AUTHORIZATION_FAILED'));
    else if (twiceById.has(id) || names.has(id)) {
      names.delete(id);
      const message = 'The provided topic name maps to an ID that was already supplied.';
      refuse(name, id, failure('INVALID_REQUEST', message));
    } else names.set(id, name);
  }
  return { names, refused };
}

function deletedRow(
  name: string | null,
  topicId: Uuid,
  { error, message }: Failure,
): Init<DeleteTopicsResponseDeletableTopicResult> {
  return { name, topicId, errorCode: errorCode(error), errorMessage: message };
}

function duplicates<T>(items: readonly T[]): Set<T> {
  const seen = new Set<T>();
  const twice = new Set<T>();
  for (const item of items) {
    if (seen.has(item)) twice.add(item);
    seen.add(item);
  }
  return twice;
}
