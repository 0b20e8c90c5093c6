import {
  type Agent,
  AgentError,
  CLIENT_MAX_BYTES,
  type Codec,
  type ConsumedRecord,
  type Header,
  type Hello,
  type Operation,
  PATIENCE_MS,
  type ProduceRecord,
  type ReplyOf,
  type RequestOf,
  type TopicPartition,
} from '../../agent-protocol.ts';
import { Inbox } from '../javascript/serve.ts';
import type { Kcat } from './install.ts';
import { ToolRun } from './tool-run.ts';

const NO_ADMIN = 'kcat does not administer';
const KEY_END = '\x1f';
const RECORD_END = '\x1e';
const PARTITIONERS = { crc32: 'consistent_random', murmur2: 'murmur2_random' } as const;

interface Member {
  readonly run: ToolRun;
  readonly inbox: Inbox;
  owned: readonly TopicPartition[];
}

/** kcat, run anew for each thing that is asked of it. */
export class KcatAgent implements Agent {
  readonly hello: Hello;
  readonly #kcat: Kcat;
  readonly #bootstrap: readonly string[];
  #member: Member | undefined;

  private constructor(kcat: Kcat, bootstrap: readonly string[], version: string) {
    this.#kcat = kcat;
    this.#bootstrap = bootstrap;
    this.hello = {
      name: 'kcat',
      version,
      codecs: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
      lacksCodecs: {},
      partitioners: ['crc32', 'murmur2'],
      lacks: {
        timestamps: 'it takes none for records that it writes',
        'explicit-commit': 'it commits what it has printed',
        committed: NO_ADMIN,
        'describe-group': NO_ADMIN,
        'create-topic': NO_ADMIN,
        'create-partitions': NO_ADMIN,
        'delete-topic': NO_ADMIN,
        'describe-configs': NO_ADMIN,
        'alter-configs': NO_ADMIN,
      },
    };
  }

  /** Asks kcat for its version, which has that of librdkafka in it. */
  static async start(kcat: Kcat, bootstrap: readonly string[]): Promise<KcatAgent> {
    const { lines } = await new ToolRun(kcat, ['-V']).ended();
    const [, own, library] = /Version (\S+) .*librdkafka (\S+)/.exec(lines.join(' ')) ?? [];
    if (own === undefined || library === undefined) throw new Error(`kcat -V is not understood: ${lines.join(' ')}`);
    return new KcatAgent(kcat, bootstrap, `${own} (librdkafka ${library})`);
  }

  async ask<Op extends Exclude<Operation, 'hello'>>(op: Op, request: RequestOf<Op>): Promise<ReplyOf<Op>> {
    const handle = this.#handlers[op] as ((request: RequestOf<Op>) => Promise<ReplyOf<Op>>) | undefined;
    if (handle === undefined) throw new Error(`kcat lacks ${op}, and says so`);
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
      const acknowledged = request.records.map(({ partition }) => ({ partition: partition ?? null, offset: null }));
      // Partition, headers and nulls are options of a run: as many runs as there are of these.
      const byPartition = Map.groupBy(request.records, ({ partition }) => partition);
      await Promise.all(
        [...byPartition].map(async ([partition, records]) => {
          for (const run of runsOf(records)) await this.#produce(request, partition, run);
        }),
      );
      return { acknowledged };
    },

    consume: async ({ topic, partition, from, count, timeoutMs }) => {
      const start = 'offset' in from ? `${from.offset}` : `s@${from.timestamp}`;
      const run = this.#run(['-C', '-J', '-q', '-t', topic, '-p', `${partition}`, '-o', start, '-c', `${count}`]);
      const late = setTimeout(() => run.signal('SIGKILL'), timeoutMs);
      const { lines, stderr } = await run.ended();
      clearTimeout(late);
      if (lines.length < count)
        throw new AgentError({ name: 'TIMEOUT', code: null, message: `${lines.length} of ${count} came: ${stderr}` });
      return { records: lines.map(recordOf) };
    },

    subscribe: async ({ groupId, topics, sessionTimeoutMs, heartbeatIntervalMs, maxRecords }) => {
      const inbox = new Inbox();
      const settings = {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': sessionTimeoutMs,
        'heartbeat.interval.ms': heartbeatIntervalMs,
        'auto.commit.interval.ms': 500,
      };
      const args = ['-G', groupId, '-J', '-u', ...optionsOf(settings)];
      const limit = maxRecords === undefined ? [] : ['-c', `${maxRecords}`];
      const run = this.#run([...args, ...limit, ...topics], {
        onLine: (line) => inbox.put(recordOf(line)),
        onNote: (line) => {
          const owned = assignmentOf(line);
          if (owned !== undefined) member.owned = owned;
        },
      });
      const member: Member = { run, inbox, owned: [] };
      this.#member = member;
      return {};
    },

    poll: async ({ maxRecords, timeoutMs }) => {
      if (this.#member === undefined) throw new Error('there is no member: subscribe comes first');
      const records = await this.#member.inbox.take(maxRecords, timeoutMs);
      return { records, assignment: this.#member.owned };
    },

    leave: async () => {
      await this.#leave();
      return {};
    },

    listOffsets: async ({ topic, partition, at }) => {
      const when = at === 'earliest' ? -2 : at === 'latest' ? -1 : at.timestamp;
      const lines = await this.#answer(['-Q', '-t', `${topic}:${partition}:${when}`]);
      return { offset: Number(/ offset (-?\d+)$/.exec(lines[0] ?? '')?.[1]) };
    },

    partitionCount: async ({ topic }) => {
      const { topics }: Metadata = JSON.parse((await this.#answer(['-L', '-J'])).join(''));
      return { partitions: topics.find((it) => it.topic === topic)?.partitions.length ?? 0 };
    },
  };

  async #produce(request: RequestOf<'produce'>, partition: number | undefined, run: ProduceRun): Promise<void> {
    const settings = {
      'message.max.bytes': CLIENT_MAX_BYTES,
      'message.timeout.ms': PATIENCE_MS,
      'retry.backoff.ms': 50,
      'enable.idempotence': request.idempotent,
      acks: request.acks,
      partitioner: PARTITIONERS[request.partitioner ?? 'crc32'],
    };
    const args = [
      ...['-P', '-t', request.topic, '-z', request.codec satisfies Codec, '-K', KEY_END, '-D', RECORD_END],
      ...(partition === undefined ? [] : ['-p', `${partition}`]),
      ...(run.nulls ? ['-Z'] : []),
      ...run.headers.flatMap(([name, value]) => ['-H', value === null ? name : `${name}=${value}`]),
      ...optionsOf(settings),
    ];
    const tool = this.#run(args);
    await tool.feed(
      run.records.map(({ key, value }) => `${key === null ? '' : key + KEY_END}${value ?? ''}${RECORD_END}`),
      request.overMs,
    );
    failUnlessDone(await tool.ended());
  }

  async #answer(args: readonly string[]): Promise<readonly string[]> {
    const outcome = await this.#run(args).ended();
    failUnlessDone(outcome);
    return outcome.lines;
  }

  #run(args: readonly string[], hearing?: ConstructorParameters<typeof ToolRun>[2]): ToolRun {
    const common = { 'reconnect.backoff.ms': 20, 'reconnect.backoff.max.ms': 200, 'fetch.wait.max.ms': 100 };
    // With several topics the names of group mode come last, and options are no more read after them.
    return new ToolRun(this.#kcat, ['-b', this.#bootstrap.join(','), '-E', ...optionsOf(common), ...args], hearing);
  }

  async #leave(): Promise<void> {
    this.#member?.run.signal('SIGTERM');
    await this.#member?.run.ended();
    this.#member = undefined;
  }
}

interface Metadata {
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly unknown[] }[];
}

/** Records in a row that one run of kcat can write. */
interface ProduceRun {
  readonly headers: readonly Header[];
  readonly nulls: boolean;
  readonly records: ProduceRecord[];
}

function runsOf(records: readonly ProduceRecord[]): readonly ProduceRun[] {
  const runs: ProduceRun[] = [];
  for (const record of records) {
    const headers = record.headers ?? [];
    const nulls = record.value === null;
    const last = runs.at(-1);
    if (last !== undefined && last.nulls === nulls && JSON.stringify(last.headers) === JSON.stringify(headers))
      last.records.push(record);
    else runs.push({ headers, nulls, records: [record] });
  }
  return runs;
}

function optionsOf(settings: Readonly<Record<string, string | number | boolean>>): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-X', `${name}=${value}`]);
}

/** What it prints with `-J`. */
interface Envelope {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly ts: number;
  /** Names and values in turn. */
  readonly headers?: readonly (string | null)[];
  readonly key: string | null;
  readonly payload: string | null;
}

function recordOf(line: string): ConsumedRecord {
  const { topic, partition, offset, ts, headers = [], key, payload }: Envelope = JSON.parse(line);
  const pairs = Array.from(
    { length: headers.length / 2 },
    (_, index) => [headers[2 * index] ?? '', headers[2 * index + 1] ?? null] as const,
  );
  return { topic, partition, offset, timestamp: ts, key, value: payload, headers: pairs };
}

/** What a member owns after a rebalance, from the line that tells of it. */
function assignmentOf(line: string): readonly TopicPartition[] | undefined {
  const match = /^% Group .* rebalanced \(memberid .*\): (assigned|revoked): (.*)$/.exec(line);
  if (match === null) return undefined;
  if (match[1] === 'revoked') return [];
  return [...(match[2] ?? '').matchAll(/(\S+) \[(\d+)\]/g)].map(([, topic = '', index]) => ({
    topic,
    partition: Number(index),
  }));
}

/** Names of the protocol behind what librdkafka says; other texts are names of their own. */
const SAID: readonly { readonly text: string; readonly name: string; readonly code: number }[] = [
  { text: 'Broker: Message size too large', name: 'MESSAGE_TOO_LARGE', code: 10 },
];

function failUnlessDone({ status, stderr }: { readonly status: number; readonly stderr: string }): void {
  if (status === 0) return;
  const { name, code } = SAID.find(({ text }) => stderr.includes(text)) ?? { name: 'KCAT', code: null };
  throw new AgentError({ name, code, message: `status ${status}: ${stderr.trim()}` });
}
