import {
  type Agent,
  AgentError,
  type ConsumedRecord,
  type Hello,
  type Operation,
  type PartitionOffset,
  type ReplyOf,
  type RequestOf,
} from '../../agent-protocol.ts';
import { Inbox } from '../javascript/serve.ts';
import type { ToolRun } from '../kcat/tool-run.ts';
import { lineOf, PRINTING, pairs, producerArguments, RecordParser } from './console.ts';
import { failUnlessDone, failUnlessSent } from './failures.ts';
import { assignmentsOf, configsOf, offsetsOf, stateOf } from './tables.ts';
import { type Hearing, type ToolName, type Tools, untilClientIsMade } from './tools.ts';

const AUTO_COMMIT_MS = 500;
const NO_SUCH_TOPIC = /Topic '.*' does not exist as expected/;
const NO_SUCH_GROUP = /Consumer group '.*' does not exist/;

interface Member {
  readonly run: ToolRun;
  readonly inbox: Inbox;
}

/** Apache's tools, one run of one of them for each thing that is asked. */
export class ApacheToolsAgent implements Agent {
  readonly hello: Hello;
  readonly #tools: Tools;
  readonly #bootstrap: readonly string[];
  #member: Member | undefined;

  constructor(tools: Tools, bootstrap: readonly string[], version: string) {
    this.#tools = tools;
    this.#bootstrap = bootstrap;
    this.hello = {
      name: "Apache's tools",
      version,
      codecs: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
      lacksCodecs: {},
      partitioners: ['murmur2'],
      lacks: {
        'explicit-partition': 'the console producer has no option for it',
        timestamps: 'the console producer has no option for them',
        'consume-from-timestamp': 'the console consumer has no option for it',
        'explicit-commit': 'the console consumer commits what it has printed',
      },
    };
  }

  async ask<Op extends Exclude<Operation, 'hello'>>(op: Op, request: RequestOf<Op>): Promise<ReplyOf<Op>> {
    const handle = this.#handlers[op] as ((request: RequestOf<Op>) => Promise<ReplyOf<Op>>) | undefined;
    if (handle === undefined) throw new Error(`Apache's tools lack ${op}, and say so`);
    return handle(request);
  }

  async crash(): Promise<readonly ConsumedRecord[]> {
    const member = this.#member;
    this.#member = undefined;
    member?.run.signal('SIGKILL');
    await member?.run.ended();
    return (await member?.inbox.take(Number.MAX_SAFE_INTEGER, 0)) ?? [];
  }

  async close(): Promise<void> {
    if (this.#member !== undefined) await this.#leave();
  }

  readonly #handlers: {
    readonly [Op in Operation]?: (request: RequestOf<Op>) => Promise<ReplyOf<Op>>;
  } = {
    produce: async (request) => {
      const { hearing, made } = untilClientIsMade();
      const run = this.#start('kafka-console-producer', producerArguments(request), hearing);
      // The time over which records are spread begins when the tool reads, not when its JVM starts.
      if (request.overMs !== undefined) await Promise.race([made, run.ended()]);
      await run.feed(request.records.map(lineOf), request.overMs);
      failUnlessSent(await run.ended());
      return { acknowledged: request.records.map(() => ({ partition: null, offset: null })) };
    },

    consume: async ({ topic, partition, from, count, timeoutMs }) => {
      if (!('offset' in from)) throw new Error("Apache's tools lack consume-from-timestamp, and say so");
      const records: ConsumedRecord[] = [];
      const parser = new RecordParser(topic, (record) => records.push(record));
      const place = ['--topic', topic, '--partition', `${partition}`, '--offset', `${from.offset}`];
      const limits = ['--max-messages', `${count}`, '--timeout-ms', `${timeoutMs}`];
      const run = this.#start('kafka-console-consumer', [...place, ...limits, ...PRINTING], {
        onLine: (line) => parser.take(line),
      });
      const outcome = await run.ended();
      failUnlessDone(outcome);
      if (records.length < count) {
        const message = `${records.length} of ${count} came: ${outcome.stderr}`;
        throw new AgentError({ name: 'TIMEOUT', code: null, message });
      }
      return { records };
    },

    subscribe: async ({ groupId, topics, sessionTimeoutMs, heartbeatIntervalMs, maxRecords }) => {
      const [topic, ...others] = topics;
      if (topic === undefined || others.length > 0) throw new Error('the console consumer takes one topic');
      const inbox = new Inbox();
      const parser = new RecordParser(topic, (record) => inbox.put(record));
      const settings = {
        'session.timeout.ms': sessionTimeoutMs,
        'heartbeat.interval.ms': heartbeatIntervalMs,
        'auto.commit.interval.ms': AUTO_COMMIT_MS,
      };
      const limit = maxRecords === undefined ? [] : ['--max-messages', `${maxRecords}`];
      const run = this.#start(
        'kafka-console-consumer',
        [
          ...['--group', groupId, '--topic', topic, '--from-beginning'],
          ...[...limit, ...PRINTING, ...pairs('--consumer-property', settings)],
        ],
        { onLine: (line) => parser.take(line) },
      );
      this.#member = { run, inbox };
      return {};
    },

    poll: async ({ maxRecords, timeoutMs }) => {
      if (this.#member === undefined) throw new Error('there is no member: subscribe comes first');
      return { records: await this.#member.inbox.take(maxRecords, timeoutMs), assignment: null };
    },

    leave: async () => {
      await this.#leave();
      return {};
    },

    committed: async ({ groupId, topic }) => {
      const lines = await this.#describeGroup(groupId, '--offsets');
      return { offsets: lines === undefined ? [] : offsetsOf(lines, topic) };
    },

    describeGroup: async ({ groupId }) => {
      const [state, members] = await Promise.all([
        this.#describeGroup(groupId, '--state'),
        this.#describeGroup(groupId, '--offsets'),
      ]);
      if (state === undefined || members === undefined) return { state: 'Dead', members: [] };
      return { state: stateOf(state), members: assignmentsOf(members) };
    },

    listOffsets: async ({ topic, partition, at }) => {
      const time = typeof at === 'string' ? at : `${at.timestamp}`;
      const args = ['--topic-partitions', `${topic}:${partition}`, '--time', time];
      const lines = await this.#run('kafka-get-offsets', args);
      // It prints nothing about a partition that has no such record.
      return { offset: Number(lines.at(-1)?.split(':').at(-1) ?? -1) satisfies PartitionOffset['offset'] };
    },

    createTopic: async ({ topic, partitions, replicationFactor, configs }) => {
      const size = ['--partitions', `${partitions}`, '--replication-factor', `${replicationFactor}`];
      await this.#run('kafka-topics', ['--create', '--topic', topic, ...size, ...pairs('--config', configs)]);
      return {};
    },

    createPartitions: async ({ topic, partitions }) => {
      await this.#run('kafka-topics', ['--alter', '--topic', topic, '--partitions', `${partitions}`]);
      return {};
    },

    deleteTopic: async ({ topic }) => {
      await this.#run('kafka-topics', ['--delete', '--topic', topic]);
      return {};
    },

    partitionCount: async ({ topic }) => {
      const outcome = await this.#start('kafka-topics', ['--describe', '--topic', topic]).ended();
      if (NO_SUCH_TOPIC.test(outcome.stderr)) return { partitions: 0 };
      failUnlessDone(outcome);
      return { partitions: Number(/\tPartitionCount: (\d+)\t/.exec(outcome.lines.join('\n'))?.[1]) };
    },

    describeConfigs: async ({ resource, name }) => {
      const args = ['--describe', '--all', '--entity-type', `${resource}s`, '--entity-name', name];
      return { configs: configsOf(await this.#run('kafka-configs', args)) };
    },

    alterConfigs: async ({ topic, set, unset }) => {
      // Brackets keep the commas of a list together.
      const added = Object.entries(set).map(([name, value]) => `${name}=${value.includes(',') ? `[${value}]` : value}`);
      await this.#run('kafka-configs', [
        ...['--alter', '--entity-type', 'topics', '--entity-name', topic],
        ...(added.length === 0 ? [] : ['--add-config', added.join()]),
        ...(unset.length === 0 ? [] : ['--delete-config', unset.join()]),
      ]);
      return {};
    },
  };

  async #run(tool: ToolName, args: readonly string[]): Promise<readonly string[]> {
    const outcome = await this.#start(tool, args).ended();
    failUnlessDone(outcome);
    return outcome.lines;
  }

  /** The table that `kafka-consumer-groups` prints; undefined if there is no such group. */
  async #describeGroup(groupId: string, ...what: readonly string[]): Promise<readonly string[] | undefined> {
    const args = ['--describe', '--group', groupId, ...what];
    const outcome = await this.#start('kafka-consumer-groups', args).ended();
    if (NO_SUCH_GROUP.test([...outcome.lines, outcome.stderr].join('\n'))) return undefined;
    failUnlessDone(outcome);
    return outcome.lines;
  }

  #start(tool: ToolName, args: readonly string[], hearing?: Hearing): ToolRun {
    return this.#tools.start(tool, ['--bootstrap-server', this.#bootstrap.join(','), ...args], hearing);
  }

  async #leave(): Promise<void> {
    const member = this.#member;
    this.#member = undefined;
    member?.run.signal('SIGTERM');
    await member?.run.ended();
  }
}
