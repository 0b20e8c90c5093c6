import { createPartitionsRequest, createPartitionsResponse } from '@biquorum/kafka-wire/messages/create-partitions';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { ask } from '../configs/ask.ts';
import type { MixedCluster } from './cluster.ts';

const TOPIC = 2;
const SET = 0;
const TIMEOUT_MS = 60_000;
const TOPIC_EXISTS = 36;
const RETENTION_MS = '1234567';

/**
 * Has requests of every kind reach the controller as a client of one broker sends them, and checks on all brokers what came of it:
 * topics are created and refused, grow, get settings and are deleted.
 */
export async function administer(
  cluster: MixedCluster,
  broker: number,
  topic: string,
  replicationFactor = 2,
): Promise<void> {
  const address = await cluster.administratorFor(broker);
  const create = async (): Promise<number | undefined> => {
    const wanted = { name: topic, numPartitions: 2, replicationFactor };
    const body = { topics: [wanted], timeoutMs: TIMEOUT_MS };
    const { topics } = await ask(address, createTopicsRequest, createTopicsResponse, 7, body);
    return topics[0]?.errorCode;
  };
  expect(await create(), 0, 'CreateTopics');
  expect(await create(), TOPIC_EXISTS, 'CreateTopics of the same');
  await cluster.untilTopic('created', topic, (partitions) => partitions.length === 2);

  const more = { topics: [{ name: topic, count: 3, assignments: null }], timeoutMs: TIMEOUT_MS, validateOnly: false };
  const grown = await ask(address, createPartitionsRequest, createPartitionsResponse, 3, more);
  expect(grown.results[0]?.errorCode, 0, 'CreatePartitions');
  await cluster.untilTopic('grown', topic, (partitions) => partitions.length === 3);

  const configs = [{ name: 'retention.ms', configOperation: SET, value: RETENTION_MS }];
  const change = { resources: [{ resourceType: TOPIC, resourceName: topic, configs }], validateOnly: false };
  // Whoever governs, any broker takes these.
  const set = await ask(
    cluster.node(broker).plan.client,
    incrementalAlterConfigsRequest,
    incrementalAlterConfigsResponse,
    1,
    change,
  );
  expect(set.responses[0]?.errorCode, 0, 'IncrementalAlterConfigs');
  await cluster.untilTopicSetting(topic, 'retention.ms', RETENTION_MS);

  const gone = { topics: [{ name: topic }], timeoutMs: TIMEOUT_MS };
  const deleted = await ask(address, deleteTopicsRequest, deleteTopicsResponse, 6, gone);
  expect(deleted.responses[0]?.errorCode, 0, 'DeleteTopics');
  await cluster.untilNoTopic(topic);
}

function expect(code: number | undefined, wanted: number, what: string): void {
  if (code !== wanted) throw new Error(`${what} is answered ${code}, not ${wanted}`);
}
