import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@biquorum/cluster';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Called, call, callWith } from './call.ts';

const scratch = mkdtempSync(join(tmpdir(), 'biquorum-tools-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

describe.each(['kraft', 'zookeeper'] as const)('on a cluster in %s mode', (mode) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({
      mode,
      brokers: 2,
      ...(mode === 'kraft' ? { controllers: 1 } : {}),
      properties: {
        'num.partitions': '2',
        'offsets.topic.num.partitions': '2',
        'offsets.topic.replication.factor': '1',
        'group.initial.rebalance.delay.ms': '0',
        'auto.leader.rebalance.enable': 'false',
      },
    });
  });
  afterAll(() => cluster.stop());

  const on = (command: string, ...args: readonly string[]): Promise<Called> =>
    call(command, '--bootstrap-server', cluster.bootstrap, ...args);
  const json = async (command: string, ...args: readonly string[]): Promise<unknown> => {
    const { code, out, err } = await on(command, ...args, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out);
  };
  const make = async (topic: string, ...more: readonly string[]): Promise<void> => {
    expect(await on('topics', '--create', '--topic', topic, ...more)).toMatchObject({ code: 0, err: '' });
    await cluster.untilInSync(topic);
  };
  const write = (topic: string, input: string, ...more: readonly string[]): Promise<Called> =>
    callWith(input, 'console-producer', '--bootstrap-server', cluster.bootstrap, '--topic', topic, ...more);

  it('topics are made, listed, described, grown and deleted', async () => {
    await make('topics-a', '--replica-assignment', '1:2,2:1', '--config', 'retention.ms=1000');
    expect(await on('topics', '--list')).toEqual({ code: 0, out: expect.stringMatching(/^topics-a$/m), err: '' });
    const [described] = (await json('topics', '--describe', '--topic', 'topics-a')) as [object];
    expect(described).toMatchObject({
      name: 'topics-a',
      internal: false,
      partitionCount: 2,
      replicationFactor: 2,
      configs: { 'retention.ms': '1000' },
      partitions: [
        { partition: 0, leader: 1, replicas: [1, 2] },
        { partition: 1, leader: 2, replicas: [2, 1] },
      ],
    });
    const { topicId } = described as { readonly topicId: string };
    expect(await json('topics', '--describe', '--topic-id', topicId)).toEqual([described]);
    const { out } = await on('topics', '--describe', '--topic', 'topics-.');
    const elr = mode === 'kraft' ? ['', ''] : ['N/A', 'N/A'];
    expect(out.split('\n')).toEqual([
      `Topic: topics-a\tTopicId: ${topicId}\tPartitionCount: 2\tReplicationFactor: 2\tConfigs: retention.ms=1000`,
      `\tTopic: topics-a\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\tElr: ${elr[0]}\tLastKnownElr: ${elr[1]}`,
      `\tTopic: topics-a\tPartition: 1\tLeader: 2\tReplicas: 2,1\tIsr: 2,1\tElr: ${elr[0]}\tLastKnownElr: ${elr[1]}`,
    ]);
    expect(await on('topics', '--describe', '--under-replicated-partitions')).toEqual({ code: 0, out: '', err: '' });

    await on('topics', '--alter', '--topic', 'topics-a', '--partitions', '3', '--replica-assignment', '1:2,2:1,2:1');
    await cluster.untilLeader('topics-a', 2);
    await expect
      .poll(async () => {
        const [grown] = (await json('topics', '--describe', '--topic', 'topics-a')) as [{ partitions: unknown[] }];
        return grown.partitions;
      })
      .toMatchObject([{}, {}, { partition: 2, leader: 2, replicas: [2, 1], isr: [2, 1] }]);

    expect(await json('topics', '--delete', '--topic', 'topics-a')).toEqual({ deleted: ['topics-a'] });
    await expect.poll(() => json('topics', '--list', '--exclude-internal')).not.toContain('topics-a');
  });

  it('what goes wrong with topics is told by name, with the remedy', async () => {
    await make('topics-b');
    const again = ['--create', '--topic', 'topics-b'];
    expect(await on('topics', ...again)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^biquorum topics: topic topics-b: TOPIC_ALREADY_EXISTS: .*With --if-not-exists/),
    });
    expect(await json('topics', ...again, '--if-not-exists')).toEqual({ topic: 'topics-b', created: false });
    expect(await on('topics', '--create', '--topic', 'many', '--replication-factor', '3')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/INVALID_REPLICATION_FACTOR: .*Start more brokers/),
    });
    for (const action of ['--describe', '--delete']) {
      expect(await on('topics', action, '--topic', 'missing')).toMatchObject({
        code: 1,
        err: expect.stringContaining("Topic 'missing' does not exist as expected"),
      });
      expect(await on('topics', action, '--topic', 'missing', '--if-exists')).toMatchObject({ code: 0 });
    }
    const calls: readonly (readonly [args: readonly string[], words: string])[] = [
      [['--list', '--describe'], 'give exactly one of --create, --list'],
      [['--list', '--partitions', '3'], '--partitions goes with --create and --alter only.'],
      [
        ['--create', '--topic', 'x', '--replica-assignment', '1:1'],
        'broker 1 cannot hold two replicas of one partition',
      ],
      [['--create', '--topic', 'x', '--replica-assignment', '1:2,3'], 'partition 1 has 1 replicas and partition 0 2'],
      [['--create', '--topic', 'x', '--config', 'k'], '--config k is no key=value.'],
      [['--alter', '--topic', 'topics-b'], '--partitions is missing'],
    ];
    for (const [args, words] of calls) {
      expect(await on('topics', ...args)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
    }
  });

  it('settings of topics and brokers are shown, made and taken back', async () => {
    await make('configs-a');
    const topic = ['--topic', 'configs-a'];
    const add = 'cleanup.policy=[compact,delete],max.message.bytes=200000';
    expect(await on('configs', '--alter', ...topic, '--add-config', add)).toEqual({
      code: 0,
      out: 'Completed updating config for topic configs-a.',
      err: '',
    });
    const show = ['--describe', '--entity-type', 'topics', '--entity-name', 'configs-a'];
    await expect
      .poll(async () => (await on('configs', ...show)).out.split('\n'))
      .toEqual([
        'Dynamic configs for topic configs-a are:',
        '  cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=delete}',
        '  max.message.bytes=200000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:max.message.bytes=200000, DEFAULT_CONFIG:message.max.bytes=1048588}',
      ]);
    await on('configs', '--alter', ...topic, '--delete-config', 'cleanup.policy,max.message.bytes');
    await expect.poll(async () => (await on('configs', ...show)).out).toBe('Dynamic configs for topic configs-a are:');
    expect(await on('configs', '--alter', ...topic, '--delete-config', 'cleanup.policy')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Invalid config(s): cleanup.policy.'),
    });
    expect(await on('configs', '--alter', ...topic, '--add-config', 'retention.ms=soon')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/topic configs-a: INVALID_CONFIG: .*docs\/configuration\.md/),
    });

    await on('configs', '--alter', '--broker-defaults', '--add-config', 'num.io.threads=6');
    const defaults = ['--describe', '--entity-type', 'brokers', '--entity-default'];
    await expect
      .poll(async () => (await on('configs', ...defaults)).out)
      .toMatch(/^Default configs for brokers in the cluster are:\n {2}num\.io\.threads=6 sensitive=false/);
    const [broker] = (await json('configs', '--describe', '--broker', '2', '--all')) as [
      { readonly configs: readonly { readonly name: string; readonly value: string }[] },
    ];
    expect(broker.configs.find(({ name }) => name === 'num.partitions')?.value).toBe('2');
    expect(await on('configs', '--describe', '--broker', '9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no node 9 that is alive; there are 1, 2.'),
    });
  });

  it('quotas and credentials are kept where ZooKeeper governs', async () => {
    const user = ['--entity-type', 'users', '--entity-name', 'alice'];
    const quota = await on('configs', '--alter', ...user, '--add-config', 'producer_byte_rate=12345678');
    if (mode === 'kraft') {
      expect(quota).toMatchObject({ code: 1, err: expect.stringContaining('does not answer DescribeClientQuotas') });
      return;
    }
    expect(quota).toEqual({ code: 0, out: 'Completed updating config for user alice.', err: '' });
    const scram = 'SCRAM-SHA-256=[iterations=8192,password=secret]';
    expect(await on('configs', '--alter', ...user, '--add-config', scram)).toMatchObject({ code: 0 });
    // Numbers as Java writes doubles.
    await expect
      .poll(async () => (await on('configs', '--describe', ...user)).out.split('\n'))
      .toEqual([
        "Quota configs for user-principal 'alice' are producer_byte_rate=1.2345678E7",
        "SCRAM credential configs for user-principal 'alice' are SCRAM-SHA-256=iterations=8192",
      ]);
    expect(await on('configs', '--alter', ...user, '--add-config', `consumer_byte_rate=1,${scram}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('in calls of their own'),
    });
  });

  it('lines become records that any client reads, and records lines', async () => {
    await make('console-a', '--partitions', '2');
    const lines = Array.from({ length: 500 }, (_, number) => `key ${number % 5}\tvalue ${number}\n`).join('');
    const keyed = ['--property', 'parse.key=true'];
    expect(
      await write('console-a', lines, ...keyed, '--compression-codec', 'lz4', '--batch-size', '512', '--json'),
    ).toEqual({
      code: 0,
      out: '{"topic":"console-a","written":500,"failed":0}',
      err: '',
    });
    const kafka = new Kafka({ brokers: cluster.bootstrap.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets('console-a');
    await admin.disconnect();
    expect(ends.reduce((sum, { offset }) => sum + Number(offset), 0)).toBe(500);

    const shown = ['--property', 'print.key=true', '--property', 'print.partition=true'];
    const { code, out, err } = await on(
      'console-consumer',
      '--topic',
      'console-a',
      '--from-beginning',
      '--max-messages',
      '500',
      ...shown,
    );
    expect({ code, err }).toEqual({ code: 0, err: 'Processed a total of 500 messages' });
    const read = out.split('\n').map((line) => line.split('\t'));
    expect(
      read
        .map(([, key, value]) => `${key}\t${value}\n`)
        .toSorted()
        .join(''),
    ).toBe((lines.match(/.*\n/g) ?? []).toSorted().join(''));
    // A key lies in one partition, and in the order in which it was written.
    for (const key of ['key 0', 'key 3']) {
      const own = read.filter((line) => line[1] === key);
      expect(new Set(own.map(([partition]) => partition)).size).toBe(1);
      const numbers = own.map(([, , value]) => Number(value?.split(' ')[1]));
      expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
    }
    const one = await on(
      'console-consumer',
      '--topic',
      'console-a',
      '--partition',
      '0',
      '--offset',
      '2',
      '--max-messages',
      '1',
      '--json',
    );
    expect(JSON.parse(one.out)).toMatchObject({ topic: 'console-a', partition: 0, offset: 2, headers: [] });
    expect(await on('console-consumer', '--topic', 'console-a', '--timeout-ms', '1')).toMatchObject({
      code: 0,
      out: '',
      err: 'Processed a total of 0 messages',
    });
    expect(await on('console-consumer', '--topic', 'console-a', '--partition', '7')).toMatchObject({
      code: 1,
      err: expect.stringContaining('topic console-a has no partition 7; it has 2, from 0 on.'),
    });
  });

  it('records that a broker refuses are counted, and told with the reason', async () => {
    await make('console-b', '--config', 'max.message.bytes=200');
    const { code, out, err } = await write('console-b', `short\n${'long '.repeat(100)}\n`, '--sync', '--json');
    expect({ code, out }).toEqual({ code: 1, out: '{"topic":"console-b","written":1,"failed":1}' });
    expect(err).toMatch(/^1 record could not be written: partition console-b-\d: MESSAGE_TOO_LARGE: /);
    expect(await write('console-b', 'no tab\n', '--property', 'parse.key=true')).toMatchObject({
      code: 1,
      err: expect.stringContaining("No key separator found on line number 1: 'no tab'"),
    });
  });

  it('a group shares out partitions among its members, and goes on where it has stopped', async () => {
    await make('groups-a', '--replica-assignment', '1,2');
    await write('groups-a', 'a\nb\nc\nd\ne\nf\n', '--sync');
    const consume = (...more: readonly string[]): Promise<Called> =>
      on('console-consumer', '--topic', 'groups-a', '--group', 'readers', '--from-beginning', ...more);
    const first = await consume('--max-messages', '2');
    const rest = await consume('--max-messages', '4');
    expect(`${first.out}\n${rest.out}`.split('\n').toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);

    // Two at once: what is written while both read is printed once.
    const both = [consume('--max-messages', '1', '--json'), consume('--max-messages', '1', '--json')];
    const members = async (): Promise<number> => {
      const state = (await json('consumer-groups', '--describe', '--group', 'readers')) as {
        readonly state: string;
        readonly members: readonly { readonly assignment: readonly unknown[] }[];
      };
      return state.state === 'Stable' ? state.members.filter(({ assignment }) => assignment.length === 1).length : 0;
    };
    await expect.poll(members).toBe(2);
    expect((await on('consumer-groups', '--describe', '--group', 'readers', '--members', '--verbose')).out).toMatch(
      /^\nGROUP +CONSUMER-ID +HOST +CLIENT-ID +#PARTITIONS ASSIGNMENT\n(?:readers +biquorum-\S+ +\/127\.0\.0\.1 +biquorum +1 +groups-a\([01]\)\n?){2}$/,
    );
    const busy = await on(
      'consumer-groups',
      '--group',
      'readers',
      '--reset-offsets',
      '--all-topics',
      '--to-latest',
      '--execute',
    );
    expect(busy).toMatchObject({
      code: 1,
      err: expect.stringContaining("if the group 'readers' is inactive, but the current state is Stable"),
    });
    expect(await on('consumer-groups', '--delete', '--group', 'readers')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/NON_EMPTY_GROUP: .*Stop its consumers first/),
    });
    // One for each partition.
    for (const key of ['k', 'l', 'm', 'n', 'o', 'p'])
      await write('groups-a', `${key}\t${key}\n`, '--property', 'parse.key=true', '--sync');
    const partitions = (await Promise.all(both)).map(({ out }) => (JSON.parse(out) as { partition: number }).partition);
    expect(partitions.toSorted()).toEqual([0, 1]);
  });

  it('groups are listed and described, their offsets reset, forgotten and deleted', async () => {
    await make('groups-b', '--replica-assignment', '1,2');
    await write('groups-b', 'a\nb\nc\nd\n', '--sync');
    await on('console-consumer', '--topic', 'groups-b', '--group', 'g', '--from-beginning', '--max-messages', '4');
    expect(await json('consumer-groups', '--list', '--state', 'empty')).toContainEqual({
      group: 'g',
      state: 'Empty',
      type: 'Classic',
    });
    const offsets = async (): Promise<readonly unknown[]> => {
      const { offsets: rows } = (await json('consumer-groups', '--describe', '--group', 'g')) as {
        readonly offsets: readonly { readonly currentOffset: number; readonly lag: number }[];
      };
      return rows.map(({ currentOffset, lag }) => [currentOffset, lag]);
    };
    const before = (await offsets()) as readonly (readonly [end: number, lag: number])[];
    const [[first = 0] = [], [second = 0] = []] = before;
    expect([first + second, before]).toEqual([
      4,
      [
        [first, 0],
        [second, 0],
      ],
    ]);
    const described = await on('consumer-groups', '--describe', '--group', 'g');
    expect(described.err).toBe("\nConsumer group 'g' has no active members.");
    expect(described.out.split('\n').map((line) => line.split(/ +/))).toEqual([
      [''],
      ['GROUP', 'TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'CONSUMER-ID', 'HOST', 'CLIENT-ID'],
      ['g', 'groups-b', '0', `${first}`, `${first}`, '0', '-', '-', '-'],
      ['g', 'groups-b', '1', `${second}`, `${second}`, '0', '-', '-', '-'],
    ]);
    expect((await on('consumer-groups', '--describe', '--group', 'g', '--state')).out).toMatch(
      /GROUP +COORDINATOR \(ID\) +ASSIGNMENT-STRATEGY STATE #MEMBERS\ng +127\.0\.0\.1:\d+ \([12]\) +Empty 0$/,
    );

    const reset = ['--group', 'g', '--reset-offsets', '--topic', 'groups-b'];
    expect((await on('consumer-groups', ...reset, '--to-earliest')).err).toContain('--execute does it');
    expect(await offsets()).toEqual([
      [first, 0],
      [second, 0],
    ]);
    expect(await json('consumer-groups', ...reset, '--to-earliest', '--execute')).toMatchObject({ executed: true });
    expect(await offsets()).toEqual([
      [0, first],
      [0, second],
    ]);
    const high = await on('consumer-groups', ...reset, '--to-offset', '100', '--execute');
    expect(high.err).toContain(
      `New offset (100) is higher than latest offset for topic partition groups-b-0. Value will be set to ${first}`,
    );
    expect(await offsets()).toEqual([
      [first, 0],
      [second, 0],
    ]);
    await on('consumer-groups', ...reset, '--shift-by', '-1000', '--execute');
    expect(await offsets()).toEqual([
      [0, first],
      [0, second],
    ]);
    expect((await on('consumer-groups', ...reset, '--to-latest', '--export', '--dry-run')).out).toBe(
      `groups-b,0,${first}\ngroups-b,1,${second}`,
    );
    const future = await on('consumer-groups', ...reset, '--to-datetime', '2999-01-01T00:00:00.000', '--dry-run');
    expect(future.err).toContain('Falling back to latest known offset.');
    const rows = file('offsets.csv', `groups-b,1,${second}\n`);
    await on('consumer-groups', '--group', 'g', '--reset-offsets', '--from-file', rows, '--execute');
    expect(await offsets()).toEqual([
      [0, first],
      [second, 0],
    ]);
    for (const [flag, value] of [
      ['--by-duration', 'P'],
      ['--by-duration', '1h'],
      ['--to-datetime', 'now'],
    ] as const) {
      expect(await on('consumer-groups', ...reset, flag, value)).toMatchObject({
        code: 2,
        err: expect.stringContaining(value),
      });
    }

    expect(await json('consumer-groups', '--group', 'g', '--delete-offsets', '--topic', 'groups-b:0')).toEqual({
      group: 'g',
      offsets: [{ topic: 'groups-b', partition: 0, error: null }],
    });
    expect(await offsets()).toEqual([[second, 0]]);
    expect(await on('consumer-groups', '--delete', '--group', 'g')).toEqual({
      code: 0,
      out: "Deletion of requested consumer groups ('g') was successful.",
      err: '',
    });
    for (const action of ['--describe', '--delete']) {
      expect(await on('consumer-groups', action, '--group', 'g')).toMatchObject({
        code: 1,
        err: expect.stringContaining("'g'"),
      });
    }
  });

  it('says who governs', async () => {
    const status = await on('metadata-quorum', 'describe', '--status');
    if (mode === 'zookeeper') {
      expect(status).toMatchObject({ code: 1, err: expect.stringContaining('ZooKeeper governs it') });
      return;
    }
    expect(status.code).toBe(0);
    expect(status.out).toMatch(/^ClusterId: +\S{22}\nLeaderId: +101\nLeaderEpoch: +\d+\nHighWatermark: +\d+\n/);
    expect(status.out).toMatch(
      /CurrentVoters: +\[\{"id": 101, "directoryId": \S+, "endpoints": \["CONTROLLER:\/\/127\.0\.0\.1:\d+"\]\}\]/,
    );
    const controller = cluster.nodes.find(({ role }) => role === 'controller')?.address ?? '';
    const replication = await call(
      'metadata-quorum',
      '--bootstrap-controller',
      controller,
      'describe',
      '--replication',
    );
    expect(replication.out.split('\n').map((line) => line.split(/ +/).at(-1))).toEqual([
      'Status',
      'Leader',
      'Observer',
      'Observer',
    ]);
    const wrong = await call('metadata-quorum', '--bootstrap-server', controller, 'describe', '--status');
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('does not answer Metadata') });
    const directory = 'AAAAAAAAAAAAAAAAAAAAAQ';
    const remove = ['remove-controller', '--controller-id', '101', '--controller-directory-id', directory];
    expect((await on('metadata-quorum', ...remove, '--dry-run')).out).toBe(
      `DRY RUN of removing KRaft controller 101 with directory id ${directory}`,
    );
  });
});

describe('tools without a cluster', () => {
  it('say where nobody answers, and what to do', async () => {
    expect(await call('topics', '--bootstrap-server', '127.0.0.1:1', '--list')).toEqual({
      code: 1,
      out: '',
      err: 'biquorum topics: no broker answers at 127.0.0.1:1 (refused). Is the cluster up, and is that where it listens? "biquorum up" starts one and prints its addresses.',
    });
    expect(await call('topics', '--list')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--bootstrap-server is missing'),
    });
    expect(await call('topics', '--bootstrap-server', 'nowhere', '--list')).toMatchObject({
      code: 2,
      err: expect.stringContaining('server nowhere is not host:port'),
    });
  });

  it('read a file of properties, and refuse what they cannot do', async () => {
    const secure = file('secure.properties', 'security.protocol=SASL_SSL\n');
    expect(
      await call('topics', '--bootstrap-server', '127.0.0.1:1', '--list', '--command-config', secure),
    ).toMatchObject({
      code: 2,
      err: expect.stringContaining('security.protocol=SASL_SSL is not served yet'),
    });
    expect(
      await call('topics', '--bootstrap-server', '127.0.0.1:1', '--list', '--command-config', '/none'),
    ).toMatchObject({
      code: 2,
      err: expect.stringContaining('/none cannot be read (ENOENT).'),
    });
  });
});
