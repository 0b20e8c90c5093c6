import { errorCode } from '@biquorum/kafka-wire';
import {
  type DescribeConfigsRequestDescribeConfigsResource,
  type DescribeConfigsResponseDescribeConfigsResult,
  describeConfigsRequest,
  describeConfigsResponse,
} from '@biquorum/kafka-wire/messages/describe-configs';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster } from '../support/test-cluster.ts';

type Resource = DescribeConfigsRequestDescribeConfigsResource;
type Result = DescribeConfigsResponseDescribeConfigsResult;

const [TOPIC, BROKER, LOGGER, GROUP] = [2, 4, 8, 32];

describe('DescribeConfigs', () => {
  const cluster = new TestCluster(2, { 'log.retention.ms': '1000' });
  const client = cluster.client();

  async function ask(
    ...resources: readonly (readonly [number, string, (string[] | null)?])[]
  ): Promise<readonly Result[]> {
    const body = {
      resources: resources.map(
        ([resourceType, resourceName, keys]): Resource => ({
          resourceType,
          resourceName,
          configurationKeys: keys ?? null,
        }),
      ),
      includeSynonyms: true,
      includeDocumentation: true,
    };
    const { results } = await client.ask(1, describeConfigsRequest, describeConfigsResponse, 4, body);
    return results;
  }

  beforeAll(async () => {
    await cluster.start();
    await cluster.createTopic(client, 'described', 1, { 'flush.ms': '5' });
  });
  afterAll(() => cluster.stop());

  it('tells of a topic where each of its 36 values comes from', async () => {
    const [result] = await ask([TOPIC, 'described']);
    expect(result?.configs).toHaveLength(36);
    const rowOf = (name: string) => result?.configs.find((config) => config.name === name);
    expect(rowOf('flush.ms')).toMatchObject({ value: '5', configSource: 1, configType: 5, readOnly: false });
    expect(rowOf('retention.ms')).toMatchObject({ value: '1000', configSource: 4 });
    expect(rowOf('segment.bytes')).toMatchObject({ value: '1073741824', configSource: 5, configType: 3 });
    expect(rowOf('flush.ms')?.documentation).toMatch(/durable/);
  });

  it('gives the keys that were asked for, and all of them where the list is empty', async () => {
    const [some, all] = await ask([TOPIC, 'described', ['flush.ms', 'no.such']], [TOPIC, 'described', []]);
    expect(some?.configs.map(({ name }) => name)).toEqual(['flush.ms']);
    expect(all?.configs).toHaveLength(36);
  });

  it('tells of the broker that is asked, and refuses to speak for another', async () => {
    const [own, other, none] = await ask([BROKER, '1'], [BROKER, '2'], [BROKER, 'one']);
    expect(own?.configs.length).toBeGreaterThanOrEqual(315);
    expect(other).toMatchObject({ errorCode: errorCode('INVALID_REQUEST'), configs: [] });
    expect(other?.errorMessage).toMatch(/Unexpected broker id 2: this broker answers for 1 or the empty name/);
    expect(none?.errorCode).toBe(errorCode('INVALID_REQUEST'));
  });

  it('has an error for topics that are not there or cannot be, and for loggers of other brokers', async () => {
    const [missing, odd, logger] = await ask([TOPIC, 'missing'], [TOPIC, 'a b'], [LOGGER, '2']);
    expect(missing?.errorCode).toBe(errorCode('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(odd?.errorCode).toBe(errorCode('INVALID_TOPIC_EXCEPTION'));
    expect(logger?.errorCode).toBe(errorCode('INVALID_REQUEST'));
  });

  it('tells of what was set at run time for all brokers, which logs go by from then on', async () => {
    const configs = [{ name: 'log.segment.bytes', value: '12345', configOperation: 0 }];
    const body = { resources: [{ resourceType: BROKER, resourceName: '', configs }] };
    await client.ask(1, incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, 1, body);
    const logs = () => cluster.brokers.flatMap((broker) => [...(broker.core?.logs.logs() ?? [])]);
    await cluster.world.time.runUntil(() => logs().every((log) => log.config.segmentBytes === 12_345));
    expect(logs()).not.toEqual([]);
    const [topic, all] = await ask([TOPIC, 'described', ['segment.bytes']], [BROKER, '']);
    expect(topic?.configs).toMatchObject([{ value: '12345', configSource: 3 }]);
    expect(all?.configs).toMatchObject([
      { name: 'log.segment.bytes', value: '12345', configSource: 3, readOnly: false },
    ]);
  });

  it('refuses all resources of a request with one of a type that 3.9 does not have', async () => {
    const results = await ask([BROKER, '1'], [GROUP, 'g']);
    expect(results.map((result) => result.errorCode)).toEqual(Array(2).fill(errorCode('INVALID_REQUEST')));
  });
});
