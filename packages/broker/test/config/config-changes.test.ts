import { errorName } from '@biquorum/kafka-wire';
import { alterConfigsRequest, alterConfigsResponse } from '@biquorum/kafka-wire/messages/alter-configs';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster } from '../support/test-cluster.ts';

const [TOPIC, BROKER] = [2, 4];
type Entry = readonly [name: string, value: string | null];

describe('changes of configurations', () => {
  const cluster = new TestCluster(2);
  const client = cluster.client();

  /** Sets keys of resources through broker 1; the names of the errors, in the order of the answer. */
  async function set(...wishes: readonly (readonly [number, string, ...Entry[]])[]): Promise<string[]> {
    const resources = wishes.map(([resourceType, resourceName, ...entries]) => ({
      resourceType,
      resourceName,
      configs: entries.map(([name, value]) => ({ name, value, configOperation: 0 })),
    }));
    const body = { resources, validateOnly: false };
    const { responses } = await client.ask(1, incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, 1, body);
    expect(responses.map(({ resourceName }) => resourceName)).toEqual(wishes.map(([, name]) => name));
    return responses.map((row) => errorName(row.errorCode));
  }

  beforeAll(async () => {
    await cluster.start();
    await cluster.createTopic(client, 'changed', 1);
  });
  afterAll(() => cluster.stop());

  // Codes and conditions as Apache Kafka 3.9.2 answers in KRaft mode.
  it('are refused by the broker that could not run with them, one resource at a time', async () => {
    const outcomes = await set(
      [BROKER, '', ['unclean.leader.election.enable', 'maybe']],
      [TOPIC, 'changed', ['flush.ms', '7']],
      [BROKER, '1', ['log.dirs', '/elsewhere']],
    );
    expect(outcomes).toEqual(['INVALID_REQUEST', 'NONE', 'INVALID_REQUEST']);
    await cluster.until(
      () => cluster.broker(1).view.configOf({ type: 'topic', name: 'changed' }).get('flush.ms') === '7',
    );
    expect(cluster.broker(1).view.configOf({ type: 'broker', name: '' }).size).toBe(0);
  });

  it('of another broker, without a value, twice or of an unknown kind are invalid requests', async () => {
    expect(await set([BROKER, '2', ['log.cleaner.threads', '2']])).toEqual(['INVALID_REQUEST']);
    expect(await set([BROKER, 'two', ['log.cleaner.threads', '2']])).toEqual(['INVALID_REQUEST']);
    expect(await set([TOPIC, 'changed', ['flush.ms', null]])).toEqual(['INVALID_REQUEST']);
    expect(await set([TOPIC, 'changed', ['flush.ms', '1'], ['flush.ms', '2']])).toEqual(['INVALID_REQUEST']);
    expect(await set([99, 'what', ['a', 'b']])).toEqual(['INVALID_REQUEST']);
    const twice: readonly [number, string, Entry] = [TOPIC, 'changed', ['flush.ms', '1']];
    expect(await set(twice, twice)).toEqual(['INVALID_REQUEST', 'INVALID_REQUEST']);
  });

  it('are looked at in the older request, too', async () => {
    const resources = [
      { resourceType: BROKER, resourceName: '1', configs: [{ name: 'log.cleaner.threads', value: 'two' }] },
      { resourceType: TOPIC, resourceName: 'changed', configs: [{ name: 'flush.ms', value: '9' }] },
    ];
    const body = { resources, validateOnly: false };
    const { responses } = await client.ask(1, alterConfigsRequest, alterConfigsResponse, 2, body);
    expect(responses.map((row) => errorName(row.errorCode))).toEqual(['INVALID_REQUEST', 'NONE']);
  });
});
