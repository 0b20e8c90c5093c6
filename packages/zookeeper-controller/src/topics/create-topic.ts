import {
  decodeController,
  deleteTopicPath,
  encodeEntityConfig,
  encodeTopicAssignment,
  entityPath,
  PATHS,
  topicPath,
} from '@biquorum/kafka-znodes';
import { collidingTopic, type NodeId, type TopicId, validateTopicName } from '@biquorum/metadata';
import type { Operation, ZooKeeperClient } from '@biquorum/zookeeper-client';
import { hasCode, unlessMissing, untilAnswered } from '../until-answered.ts';

/** A topic that is to be, with its replicas placed. */
export interface NewTopic {
  readonly name: string;
  readonly topicId: TopicId;
  /** By partition, from 0. */
  readonly assignment: readonly (readonly NodeId[])[];
  readonly configs: ReadonlyMap<string, string>;
}

/** Why a topic was not made: the name of Kafka's error and a sentence for the client. */
export interface TopicRefusal {
  readonly error: 'INVALID_TOPIC_EXCEPTION' | 'TOPIC_ALREADY_EXISTS' | 'NOT_CONTROLLER';
  readonly message: string;
}

/** May a topic of this name be made? Source: Java `AdminZkClient.validateTopicCreate`. */
export async function checkNewTopic(session: ZooKeeperClient, name: string): Promise<TopicRefusal | null> {
  const refusal = validateTopicName(name);
  if (refusal !== null) return { error: 'INVALID_TOPIC_EXCEPTION', message: refusal.message };
  const [doomed, present] = await untilAnswered(session, () =>
    Promise.all([session.exists(deleteTopicPath(name)), session.exists(topicPath(name))]),
  );
  if (doomed !== undefined) {
    return { error: 'TOPIC_ALREADY_EXISTS', message: `Topic '${name}' is marked for deletion.` };
  }
  if (present !== undefined) return alreadyThere(name);
  if (!/[._]/.test(name)) return null;
  const { children } = await untilAnswered(session, () => session.getChildren(PATHS.topics));
  const other = collidingTopic(name, children);
  if (other === undefined) return null;
  return { error: 'INVALID_TOPIC_EXCEPTION', message: `Topic '${name}' collides with existing topics: ${other}` };
}

/**
 * Writes a topic's configuration and its assignment: both or none, so that of two brokers that make the same topic at
 * once one makes all of it. Which leaders it gets is the active controller's business.
 *
 * Source: Java `AdminZkClient.createTopicWithAssignment` of 3.9, which writes one after the other.
 *
 * @param guard operations that must hold for the writes, such as a check of the controller's epoch
 */
export async function writeNewTopic(
  session: ZooKeeperClient,
  { name, topicId, assignment, configs }: NewTopic,
  guard: readonly Operation[] = [],
): Promise<TopicRefusal | null> {
  const partitions = new Map(assignment.map((replicas, index) => [index, { replicas, adding: [], removing: [] }]));
  const topic: Operation = {
    op: 'create',
    path: topicPath(name),
    data: encodeTopicAssignment({ topicId, partitions }),
  };
  let wasLost = false;
  for (;;) {
    const config = await configOperations(session, name, configs);
    if (config === null) {
      return { error: 'NOT_CONTROLLER', message: 'there is no active controller; try again once there is one' };
    }
    try {
      await session.multi([...guard, ...config, topic]);
      return null;
    } catch (error) {
      if (hasCode(error, 'ConnectionLoss')) {
        // It may have been done, or may still be: who asks again is told of that in its order.
        wasLost = true;
        await session.untilConnected();
      } else if (hasCode(error, 'NodeExists') && error.path === topicPath(name)) {
        // What an earlier try has made has the id that was made for it.
        return wasLost && (await isThere(session, topic)) ? null : alreadyThere(name);
      } else if (!isRaced(error, name)) {
        throw error;
      }
    }
  }
}

/** Null when there is no controller. */
async function configOperations(
  session: ZooKeeperClient,
  name: string,
  configs: ReadonlyMap<string, string>,
): Promise<readonly Operation[] | null> {
  const path = entityPath('topics', name);
  const [controller, present] = await untilAnswered(session, () =>
    Promise.all([unlessMissing(session.getData(PATHS.controller)), session.exists(path)]),
  );
  if (controller === undefined || decodeController(controller.data).kraftControllerEpoch > 0) return null;
  const data = encodeEntityConfig(configs);
  if (present === undefined) return [{ op: 'create', path, data }];
  return [
    { op: 'check', path: PATHS.controller, version: controller.stat.version },
    { op: 'setData', path, data, version: -1 },
  ];
}

async function isThere(session: ZooKeeperClient, { path, ...topic }: Operation): Promise<boolean> {
  const found = await untilAnswered(session, () => unlessMissing(session.getData(path)));
  const wanted = 'data' in topic ? topic.data : null;
  return found?.data != null && wanted !== null && sameBytes(found.data, wanted);
}

/** The configuration came or went, or the controller changed, between look and write. */
function isRaced(error: unknown, name: string): boolean {
  const path = entityPath('topics', name);
  if (hasCode(error, 'NodeExists') || hasCode(error, 'NoNode'))
    return error.path === path || error.path === PATHS.controller;
  return hasCode(error, 'BadVersion') && error.path === PATHS.controller;
}

function alreadyThere(name: string): TopicRefusal {
  return { error: 'TOPIC_ALREADY_EXISTS', message: `Topic '${name}' already exists.` };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
