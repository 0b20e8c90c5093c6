import { deepStrictEqual } from 'node:assert';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import {
  describeConfigsRequest,
  describeConfigsResponse,
  type DescribeConfigsRequestDescribeConfigsResource as Resource,
  type DescribeConfigsResponseDescribeConfigsResult as Result,
} from '@biquorum/kafka-wire/messages/describe-configs';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { ask } from './ask.ts';

/** What both brokers are started with, besides where they listen and keep their data. */
export const PROPERTIES: Readonly<Record<string, string>> = {
  'log.retention.hours': '24',
  'log.roll.hours': '48',
  'log.roll.ms': '3600000',
  'log.flush.scheduler.interval.ms': '120000',
  'log.cleanup.policy': 'compact , delete',
  'log.message.timestamp.difference.max.ms': '86400000',
  'log.cleaner.min.cleanable.ratio': '.25',
  'log.preallocate': 'FALSE',
  'log.index.interval.bytes': '+8192',
  'log.local.retention.ms': '-2',
  'min.insync.replicas': '1',
  'message.max.bytes': '2000000',
  'broker.rack': 'a',
  'num.io.threads': '4',
  'ssl.keystore.password': 'secret',
  'listener.name.plaintext.ssl.key.password': 'secret',
  'listener.name.plaintext.max.connections': '500',
  'no.such.setting': 'secret',
  'super.users': 'User:a',
};

const TOPIC = 'described';
const TOPIC_CONFIGS = {
  'cleanup.policy': 'delete',
  'segment.bytes': '0001000000',
  'flush.ms': '5000',
  preallocate: 'True',
};
const AT_RUN_TIME = [
  { resourceName: '1', configs: { 'num.io.threads': '8', 'log.flush.interval.ms': '60000' } },
  { resourceName: '', configs: { 'log.retention.ms': '7200000', 'num.io.threads': '6', 'background.threads': '5' } },
  { resourceName: '', configs: { 'log.cleaner.threads': '2' } },
];

/** Settings that say where a broker and its controllers are, which differ of necessity: Apache's is both in one. */
const PLACES: ReadonlySet<string> = new Set([
  'listeners',
  'log.dirs',
  'controller.quorum.voters',
  'listener.security.protocol.map',
  'process.roles',
]);

const TOPIC_TYPE = 2;
const BROKER_TYPE = 4;
const LOGGER_TYPE = 8;
const CLIENT_METRICS_TYPE = 16;

const QUESTIONS: readonly (readonly [type: number, name: string, keys: readonly string[] | null])[] = [
  [TOPIC_TYPE, TOPIC, null],
  [TOPIC_TYPE, TOPIC, ['retention.ms', 'flush.ms', 'no.such.setting']],
  [TOPIC_TYPE, TOPIC, []],
  [TOPIC_TYPE, 'missing', null],
  [TOPIC_TYPE, 'not a name', null],
  [TOPIC_TYPE, '', null],
  [BROKER_TYPE, '1', null],
  [BROKER_TYPE, '+1', ['node.id']],
  [BROKER_TYPE, '1', ['num.io.threads', 'log.retention.hours', 'log.retention.ms']],
  [BROKER_TYPE, '', null],
  [BROKER_TYPE, '2', null],
  [BROKER_TYPE, 'x', null],
  [LOGGER_TYPE, '', null],
  [LOGGER_TYPE, '2', null],
  [CLIENT_METRICS_TYPE, 'missing', null],
  [CLIENT_METRICS_TYPE, '', null],
];
/** A resource of a type that 3.9 does not have spoils the whole request. */
const SPOILED: typeof QUESTIONS = [
  [BROKER_TYPE, '1', null],
  [32, 'group', null],
];

/** Creates a topic and changes settings at run time: the same on every broker that is asked. */
export async function setUp(bootstrap: string): Promise<void> {
  const topic = { name: TOPIC, numPartitions: 1, replicationFactor: 1, configs: pairs(TOPIC_CONFIGS) };
  const created = await ask(bootstrap, createTopicsRequest, createTopicsResponse, 7, {
    topics: [topic],
    timeoutMs: 30_000,
  });
  deepStrictEqual(
    created.topics.map(({ errorCode, errorMessage }) => [errorCode, errorMessage]),
    [[0, null]],
  );
  for (const { resourceName, configs } of AT_RUN_TIME) {
    const resource = { resourceType: BROKER_TYPE, resourceName, configs: pairs(configs) };
    const body = { resources: [resource] };
    const altered = await ask(bootstrap, incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, 1, body);
    deepStrictEqual(
      altered.responses.map(({ errorCode, errorMessage }) => [errorCode, errorMessage || null]),
      [[0, null]],
    );
  }
}

/** The answers of one broker to all questions, in a form that can be compared. */
export async function answersOf(bootstrap: string, version: number, includes: boolean): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const questions of [...QUESTIONS.map((question) => [question]), SPOILED]) {
    const resources = questions.map(
      ([resourceType, resourceName, configurationKeys]): Resource => ({
        resourceType,
        resourceName,
        configurationKeys: configurationKeys === null ? null : [...configurationKeys],
      }),
    );
    const body = {
      resources,
      ...(version >= 1 ? { includeSynonyms: includes } : {}),
      ...(version >= 3 ? { includeDocumentation: includes } : {}),
    };
    const { results } = await ask(bootstrap, describeConfigsRequest, describeConfigsResponse, version, body);
    answers.push(...results.map(comparable));
  }
  return answers;
}

/** What one resource's answer says, its words of explanation reduced to whether there are any. */
export interface Answer {
  readonly resource: string;
  readonly errorCode: number;
  readonly hasMessage: boolean | null;
  readonly configs: readonly object[];
}

function comparable({ resourceType, resourceName, errorCode, errorMessage, configs }: Result): Answer {
  return {
    resource: `${resourceType} ${resourceName}`,
    errorCode,
    hasMessage: errorMessage === null ? null : errorMessage !== '',
    configs: configs
      .filter(({ name }) => !PLACES.has(name))
      .map(({ documentation, ...config }) => ({
        ...config,
        hasDocumentation: documentation === null ? null : documentation !== '',
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function pairs(configs: Readonly<Record<string, string>>): { name: string; value: string; configOperation: number }[] {
  return Object.entries(configs).map(([name, value]) => ({ name, value, configOperation: 0 }));
}

/** Every way in which answers differ, one sentence each. */
export function compareAnswers(ours: readonly Answer[], javas: readonly Answer[]): readonly string[] {
  const found: string[] = [];
  if (ours.length !== javas.length) found.push(`${ours.length} answers, Java gives ${javas.length}`);
  for (const [index, our] of ours.entries()) {
    const java = javas[index];
    if (java === undefined) continue;
    const { configs: ourConfigs, ...ourHead } = our;
    const { configs: javaConfigs, ...javaHead } = java;
    difference(`answer ${index}`, ourHead, javaHead, found);
    const rows = new Map(javaConfigs.map((config) => [nameOf(config), config]));
    for (const config of ourConfigs) {
      difference(`answer ${index} ${nameOf(config)}`, config, rows.get(nameOf(config)), found);
      rows.delete(nameOf(config));
    }
    for (const name of rows.keys()) found.push(`answer ${index} ${name}: we have none`);
  }
  return found;
}

function nameOf(config: object): string {
  return 'name' in config ? String(config.name) : '';
}

function difference(path: string, ours: unknown, java: unknown, found: string[]): void {
  const [mine, theirs] = [JSON.stringify(ours), JSON.stringify(java)];
  if (mine !== theirs) found.push(`${path}: ${mine}\n    Java: ${theirs}`);
}

/** Every way to change a single field of a single row, with a name for the change: what a comparison must not miss. */
export function* plantInAnswers(answers: readonly Answer[]): Generator<readonly [string, readonly Answer[]]> {
  for (const [index, answer] of answers.entries()) {
    yield [`answer ${index} errorCode`, answers.with(index, { ...answer, errorCode: answer.errorCode + 1 })];
    for (const [at, config] of answer.configs.entries()) {
      const planted = (changed: object): readonly Answer[] =>
        answers.with(index, { ...answer, configs: answer.configs.with(at, changed) });
      for (const field of Object.keys(config)) {
        yield [`answer ${index} ${nameOf(config)} ${field}`, planted({ ...config, [field]: 'planted' })];
      }
    }
  }
}
