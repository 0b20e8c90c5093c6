import { readFileSync } from 'node:fs';
import { messagesByApiKey } from '@biquorum/kafka-wire/registry';
import { expect, test } from 'vitest';
import { ControllerKit } from './support/controller-kit.ts';

interface Exchange {
  readonly label: string;
  readonly apiKey: number;
  readonly version: number;
  /** `{$epoch: 1}` stands for the epoch of broker 1, `{$topic: 'a'}` for the id of topic a. */
  readonly request: unknown;
  /** Without epochs, ids and configurations, which are chance or setting; of messages only whether there is one. */
  readonly response: unknown;
}

const exchanges: readonly Exchange[] = JSON.parse(
  readFileSync(new URL('fixtures/apache-3.9.2-answers.json', import.meta.url), 'utf8'),
);

test("every request is answered as Apache's 3.9.2 controller answered it", async () => {
  const kit = await ControllerKit.withBrokers([]);
  const epochs = new Map<number, number>();
  const topics = new Map<string, string>();
  const differences: { label: string; apache: unknown; ours: unknown }[] = [];
  for (const { label, apiKey, version, request, response } of exchanges) {
    const codecs = messagesByApiKey.get(apiKey);
    if (codecs === undefined) throw new Error(`no codecs of api ${apiKey}`);
    const body = resolve(request, epochs, topics) as { readonly brokerId?: number };
    const answer = (await kit.call(codecs.request, codecs.response, body as never, version)) as Answer;
    if (apiKey === 62 && answer.errorCode === 0) epochs.set(body.brokerId ?? -1, answer.brokerEpoch ?? -1);
    for (const topic of answer.topics ?? []) {
      if (apiKey === 19 && topic.errorCode === 0) topics.set(topic.name, topic.topicId);
    }
    const ours = essence(answer);
    if (JSON.stringify(ours) !== JSON.stringify(response)) differences.push({ label, apache: response, ours });
  }
  expect(differences).toEqual([]);
  expect(exchanges.length).toBeGreaterThan(150);
});

interface Answer {
  readonly errorCode?: number;
  readonly brokerEpoch?: number;
  readonly topics?: readonly { readonly name: string; readonly topicId: string; readonly errorCode: number }[];
}

/** Ids of topics that do not exist. */
const NO_SUCH_TOPIC = 'AAAAAAAAAAAAAAAAAAAACg';

function resolve(value: unknown, epochs: ReadonlyMap<number, number>, topics: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, epochs, topics));
  if (typeof value !== 'object' || value === null) return value;
  if ('$epoch' in value) return epochs.get(value.$epoch as number) ?? -1;
  if ('$topic' in value) return topics.get(value.$topic as string) ?? NO_SUCH_TOPIC;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, resolve(field, epochs, topics)]));
}

const CHANCE: ReadonlySet<string> = new Set(['brokerEpoch', 'topicId', 'throttleTimeMs', 'configs']);
const UNORDERED: ReadonlySet<string> = new Set(['topics', 'responses', 'results', 'replicaElectionResults']);

function essence(answer: unknown): unknown {
  const text = JSON.stringify(answer, (key, value) => {
    if (CHANCE.has(key)) return undefined;
    return key === 'errorMessage' && value !== null ? 'text' : value;
  });
  const row = JSON.parse(text) as Record<string, unknown>;
  for (const key of UNORDERED) {
    const rows = row[key];
    if (Array.isArray(rows)) rows.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  }
  return row;
}

function sortKey({ name, topic, resourceName, feature, errorMessage }: Record<string, unknown>): string {
  return JSON.stringify([name, topic, resourceName, feature, errorMessage]);
}
