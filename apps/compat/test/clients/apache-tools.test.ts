import { describe, expect, test } from 'vitest';
import { AgentError, type ConsumedRecord } from '../../src/clients/agent-protocol.ts';
import { lineOf, RecordParser } from '../../src/clients/agents/apache-tools/console.ts';
import { failUnlessDone, failUnlessSent } from '../../src/clients/agents/apache-tools/failures.ts';
import { assignmentsOf, configsOf, offsetsOf, stateOf } from '../../src/clients/agents/apache-tools/tables.ts';

// What the tools of 3.9.2 printed.
const OFFSETS = `
GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID                                           HOST            CLIENT-ID
g               t               0          4               4               0               console-consumer-44063740-d1f0-49e3-b35d-db7bdc6f5d05 /127.0.0.1      console-consumer
g               t               1          -               1               -               console-consumer-44063740-d1f0-49e3-b35d-db7bdc6f5d05 /127.0.0.1      console-consumer
g               other           0          7               9               2               -                                                     -               -
g               -               -          -               -               -               console-consumer-55063740-d1f0-49e3-b35d-db7bdc6f5d05 /127.0.0.1      console-consumer
`.split('\n');
const STABLE = `
GROUP                     COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE           #MEMBERS
g                         127.0.0.1:41475  (1)      range                Stable          1`.split('\n');
const EMPTY = `
GROUP                     COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE           #MEMBERS
g                         127.0.0.1:41475  (1)                           Empty           0`.split('\n');
const CONFIGS = `All configs for topic t are:
  cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=delete}
  leader.replication.throttled.replicas= sensitive=false synonyms={}
  ssl.key.password=null sensitive=true synonyms={}
  sasl.oauthbearer.expected.audience=a=b c sensitive=false synonyms={}`.split('\n');

describe('tables of kafka-consumer-groups', () => {
  test('tell what is committed in a topic', () => {
    expect(offsetsOf(OFFSETS, 't')).toEqual([{ topic: 't', partition: 0, offset: 4 }]);
  });

  test('tell who owns what, also of members that own nothing', () => {
    const partitions = [0, 1].map((partition) => ({ topic: 't', partition }));
    expect(assignmentsOf(OFFSETS)).toEqual([{ partitions }, { partitions: [] }]);
  });

  test('tell the state, with members and without', () => {
    expect([STABLE, EMPTY].map(stateOf)).toEqual(['Stable', 'Empty']);
  });

  test('have no rows for a group without any', () => {
    expect(offsetsOf(["Consumer group 'g' has no active members."], 't')).toEqual([]);
  });
});

test('kafka-configs tells values, also empty ones, none at all, and those with signs in them', () => {
  expect(configsOf(CONFIGS)).toEqual({
    'cleanup.policy': 'compact,delete',
    'leader.replication.throttled.replicas': '',
    'ssl.key.password': null,
    'sasl.oauthbearer.expected.audience': 'a=b c',
  });
});

describe('the console consumer', () => {
  function parse(...lines: readonly string[]): readonly ConsumedRecord[] {
    const records: ConsumedRecord[] = [];
    const parser = new RecordParser('t', (record) => records.push(record));
    for (const line of lines) parser.take(line);
    return records;
  }

  test('prints headers, nulls and empty texts so that they can be told apart', () => {
    const lines = [
      'CreateTime:1795269902475\x1fPartition:1\x1fOffset:0\x1fa:1\x1da:\x1db:\x02\x1fk1\x1fv1\x1e',
      'CreateTime:1795269902533\x1fPartition:1\x1fOffset:2\x1fNO_HEADERS\x1f\x1f\x02\x1e',
    ];
    expect(parse(...lines)).toEqual([
      {
        topic: 't',
        partition: 1,
        offset: 0,
        timestamp: 1795269902475,
        key: 'k1',
        value: 'v1',
        headers: [
          ['a', '1'],
          ['a', ''],
          ['b', null],
        ],
      },
      { topic: 't', partition: 1, offset: 2, timestamp: 1795269902533, key: '', value: null, headers: [] },
    ]);
  });

  test('may print a record over several lines', () => {
    const [record] = parse('CreateTime:1\x1fPartition:0\x1fOffset:0\x1fNO_HEADERS\x1fk\x1fone', 'two\x1e');
    expect(record?.value).toBe('one\ntwo');
  });
});

describe('the console producer', () => {
  test('is given headers, key and value in one line', () => {
    const headers = [['a', '1'] as const, ['b', null] as const];
    expect(lineOf({ key: 'k', value: null, headers })).toBe('a\x1c1\x1db\x1c\x02\x1ek\x1f\x02\n');
    expect(lineOf({ key: null, value: '' })).toBe('\x02\x1e\x02\x1f\n');
  });

  test('cannot be given line breaks', () => {
    expect(() => lineOf({ key: 'k', value: 'a\nb' })).toThrow('line breaks');
  });

  const NOT_SENT = `INFO Kafka version: 3.9.2 (org.apache.kafka.common.utils.AppInfoParser)
ERROR Error when sending message to topic t with key: 1 bytes, value: 3000000 bytes with error: (org.apache.kafka.clients.producer.internals.ErrorLoggingCallback)
org.apache.kafka.common.errors.RecordTooLargeException: The request included a message larger than the max message size the server will accept.
`;
  const REPEATED = `WARN [Producer clientId=console-producer] Received invalid metadata error in produce request on partition t-0 due to org.apache.kafka.common.errors.NotLeaderOrFollowerException: For requests intended only for the leader, this error indicates that the broker is not the current leader.. Going to request metadata update now (org.apache.kafka.clients.producer.internals.Sender)
`;

  test('fails with what the broker refused, although it leaves with 0', () => {
    const refused = (): void => failUnlessSent({ status: 0, lines: [], stderr: REPEATED + NOT_SENT });
    expect(refused).toThrow(expect.objectContaining({ name: 'MESSAGE_TOO_LARGE', code: 10 }));
    expect(refused).not.toThrow('AppInfoParser');
  });

  test('does not fail by what it repeats', () => {
    expect(() => failUnlessSent({ status: 0, lines: [], stderr: REPEATED })).not.toThrow();
  });
});

test('a tool that leaves with another status fails with the exception that it names, or without', () => {
  const exists = 'ERROR org.apache.kafka.common.errors.TopicExistsException: Topic already exists.\n';
  expect(() => failUnlessDone({ status: 1, lines: [], stderr: exists })).toThrow(
    expect.objectContaining({ name: 'TOPIC_ALREADY_EXISTS', code: 36 }),
  );
  expect(() => failUnlessDone({ status: 1, lines: ['no'], stderr: '' })).toThrow(AgentError);
});
