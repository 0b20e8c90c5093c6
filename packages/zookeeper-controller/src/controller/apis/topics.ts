import { type ErrorName, errorByName, errorCode, type Init, ZERO_UUID } from '@biquorum/kafka-wire';
import {
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  createPartitionsRequest,
  createPartitionsResponse,
} from '@biquorum/kafka-wire/messages/create-partitions';
import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  type CreateTopicsResponseCreatableTopicResult,
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
import { deleteTopicPath } from '@biquorum/kafka-znodes';
import { METADATA_TOPIC } from '@biquorum/metadata';
import { type Failure, failureOf, NO_FAILURE, Refused } from '../faults.ts';
import { type CreatedTopic, createTopic, growTopic } from '../topic-administration.ts';
import { type ApiDefinition, CLUSTER, duplicates, topicPermission } from './api.ts';
import { type AwaitedLeader, untilLed, untilSeen } from './leaders.ts';

export const createTopicsApi: ApiDefinition<CreateTopicsRequest, CreateTopicsResponse> = {
  request: createTopicsRequest,
  response: createTopicsResponse,
  async respond(controller, { topics, validateOnly, timeoutMs }, request) {
    const { host } = controller;
    const may = topicPermission(controller, request);
    const mayAll = host.authorize(request.context, { operation: 'Create', resource: CLUSTER });
    const twice = duplicates(topics.map(({ name }) => name));
    const outcomes = await controller.decide('CreateTopics', async ({ core }) => {
      const rows = new Map<string, CreatedTopic | Failure>();
      for (const topic of topics) {
        const { name } = topic;
        if (twice.has(name)) rows.set(name, refusal('INVALID_REQUEST', 'Found multiple entries for this topic.'));
        else if (name === METADATA_TOPIC || !(mayAll || may('Create', name))) {
          rows.set(name, refusal('TOPIC_AUTHORIZATION_FAILED', 'Authorization failed.'));
        } else {
          const created = await createTopic(core, controller.session, topic, validateOnly).catch(failureOf);
          rows.set(name, created);
        }
      }
      return rows;
    });
    const awaited = [...outcomes].flatMap(([topic, outcome]): AwaitedLeader[] =>
      'error' in outcome || validateOnly ? [] : outcome.assignment.map((_, index) => ({ topic, index })),
    );
    const late = new Set((await untilLed(controller, timeoutMs, awaited)).map(({ topic }) => topic));
    return {
      topics: [...outcomes].map(([name, outcome]) => {
        if ('error' in outcome) return failedTopic(name, outcome);
        const row = late.has(name) ? failedTopic(name, { error: 'REQUEST_TIMED_OUT', message: null }) : { name };
        return { ...row, ...described(outcome, may('DescribeConfigs', name)) };
      }),
    };
  },
  fail: (failure, { topics }) => ({ topics: topics.map(({ name }) => failedTopic(name, failure)) }),
};

export const deleteTopicsApi: ApiDefinition<DeleteTopicsRequest, DeleteTopicsResponse> = {
  request: deleteTopicsRequest,
  response: deleteTopicsResponse,
  async respond(controller, { topics, topicNames, timeoutMs }, request) {
    const { host } = controller;
    const { apiVersion } = request;
    const may = topicPermission(controller, request);
    const asked = apiVersion >= 6 ? topics : topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
    const rows = await controller.decide('DeleteTopics', async ({ core }) => {
      if (!host.settings.deleteTopicEnable) {
        throw apiVersion < 3
          ? new Refused('INVALID_REQUEST', 'Topic deletion is disabled.')
          : new Refused('TOPIC_DELETION_DISABLED');
      }
      const { context, znodes } = core;
      const resolved = asked.map((one): DeletionRow => {
        const name = one.name ?? context.topicNames.get(one.topicId) ?? null;
        const id = one.name === null ? one.topicId : (context.topics.get(one.name)?.id ?? ZERO_UUID);
        return { asked: one, name, id };
      });
      const twice = duplicates(resolved.map(({ name }) => name).filter((name) => name !== null));
      const outcomes: DeletionRow[] = [];
      for (const row of resolved) {
        const failure = whyNot(row, twice, may, (name) => context.topics.has(name));
        if (failure === null) await znodes.create(deleteTopicPath(row.name as string), null);
        outcomes.push({ ...row, failure: failure ?? NO_FAILURE });
      }
      return outcomes;
    });
    const isGone = ({ name, id, failure }: DeletionRow): boolean =>
      failure?.error !== 'NONE' || host.view().topics.get(name ?? '')?.id !== id;
    await untilSeen(controller, timeoutMs, () => rows.every(isGone));
    return {
      responses: rows.map((row): Init<DeleteTopicsResponseDeletableTopicResult> => {
        const failure = isGone(row) ? (row.failure ?? NO_FAILURE) : refusal('REQUEST_TIMED_OUT');
        // Who may not see a topic is not told what the id that he guessed belongs to.
        const name = failure.error === 'TOPIC_AUTHORIZATION_FAILED' ? row.asked.name : row.name;
        return { name, topicId: row.id, errorCode: errorCode(failure.error), errorMessage: failure.message };
      }),
    };
  },
  fail: ({ code, message }, { topics, topicNames }) => ({
    responses: [
      ...topicNames.map((name) => ({ name, errorCode: code, errorMessage: message })),
      ...topics.map(({ name, topicId }) => ({ name, topicId, errorCode: code, errorMessage: message })),
    ],
  }),
};

export const createPartitionsApi: ApiDefinition<CreatePartitionsRequest, CreatePartitionsResponse> = {
  request: createPartitionsRequest,
  response: createPartitionsResponse,
  async respond(controller, { topics, validateOnly, timeoutMs }, request) {
    const may = topicPermission(controller, request);
    const twice = duplicates(topics.map(({ name }) => name));
    const outcomes = await controller.decide('CreatePartitions', async ({ core }) => {
      const rows = new Map<string, readonly number[] | Failure>();
      for (const topic of topics) {
        const { name } = topic;
        if (twice.has(name)) rows.set(name, refusal('INVALID_REQUEST', 'Duplicate topic in request.'));
        else if (!may('Alter', name)) {
          rows.set(name, refusal('TOPIC_AUTHORIZATION_FAILED', 'The topic authorization is failed.'));
        } else if (core.context.doomed.has(name)) {
          rows.set(name, refusal('INVALID_TOPIC_EXCEPTION', 'The topic is queued for deletion.'));
        } else rows.set(name, await growTopic(core, topic, validateOnly).catch(failureOf));
      }
      return rows;
    });
    const awaited = [...outcomes].flatMap(([topic, outcome]): AwaitedLeader[] =>
      'error' in outcome || validateOnly ? [] : outcome.map((index) => ({ topic, index })),
    );
    const late = new Set((await untilLed(controller, timeoutMs, awaited)).map(({ topic }) => topic));
    return {
      results: [...outcomes].map(([name, outcome]) => {
        const failure = 'error' in outcome ? outcome : late.has(name) ? refusal('REQUEST_TIMED_OUT') : NO_FAILURE;
        return { name, errorCode: errorCode(failure.error), errorMessage: failure.message };
      }),
    };
  },
  fail: ({ code, message }, { topics }) => ({
    results: topics.map(({ name }) => ({ name, errorCode: code, errorMessage: message })),
  }),
};

interface DeletionRow {
  readonly asked: { readonly name: string | null; readonly topicId: string };
  readonly name: string | null;
  readonly id: DeleteTopicsResponseDeletableTopicResult['topicId'];
  readonly failure?: Failure;
}

/** Why a topic is not deleted; null when it is. */
function whyNot(
  { asked, name }: DeletionRow,
  twice: ReadonlySet<string>,
  may: ReturnType<typeof topicPermission>,
  exists: (name: string) => boolean,
): Failure | null {
  if (asked.name !== null && asked.topicId !== ZERO_UUID) {
    return refusal('INVALID_REQUEST', 'You may not specify both topic name and topic id.');
  }
  if (asked.name === null && asked.topicId === ZERO_UUID) {
    return refusal('INVALID_REQUEST', 'Neither topic name nor id were specified.');
  }
  if (name === null) return refusal('UNKNOWN_TOPIC_ID');
  if (twice.has(name)) return refusal('INVALID_REQUEST', 'Duplicate topic name.');
  if (!may('Delete', name)) return refusal('TOPIC_AUTHORIZATION_FAILED');
  return exists(name) ? null : refusal('UNKNOWN_TOPIC_OR_PARTITION');
}

function refusal(error: ErrorName, message: string = errorByName(error).message): Failure {
  return { error, message };
}

function failedTopic(name: string, { error, message }: Failure): Init<CreateTopicsResponseCreatableTopicResult> {
  return { name, errorCode: errorCode(error), errorMessage: message };
}

/** KIP-525: who may not see configurations gets neither them nor the counts. */
function described(
  { topicId, assignment, configs }: CreatedTopic,
  mayDescribe: boolean,
): Partial<Init<CreateTopicsResponseCreatableTopicResult>> {
  if (!mayDescribe) return { topicId, topicConfigErrorCode: errorCode('TOPIC_AUTHORIZATION_FAILED'), configs: null };
  return {
    topicId,
    numPartitions: assignment.length,
    replicationFactor: assignment[0]?.length ?? -1,
    configs: configs.map((config) => ({ ...config, value: config.isSensitive ? null : config.value })),
  };
}
