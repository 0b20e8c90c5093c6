import { describe, expect, it } from 'vitest';
import { decodeConsumerOffsetsRecord, encodeConsumerOffsetsRecord } from '../src/consumer-offsets.ts';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../src/consumer-protocol.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from '../src/metadata-records.ts';
import { decodePrincipal, encodePrincipal } from '../src/principal.ts';
import { decodeRemoteLogRecord, encodeRemoteLogRecord } from '../src/remote-log-metadata.ts';
import {
  decodeTransactionLogKey,
  decodeTransactionLogValue,
  encodeTransactionLogKey,
  encodeTransactionLogValue,
} from '../src/transaction-state.ts';
import { uuid } from '../src/uuid.ts';
import { fromHex, toHex } from './support/hex.ts';
import { javaFrame } from './support/java-frames.ts';

const TOPIC_ID = uuid('JbhRXsU7QmGBJBMnZ4Ocdg');

describe('metadata records', () => {
  it('are framed as Java frames them', () => {
    const topic = { type: 'TopicRecord', record: { name: 'orders', topicId: TOPIC_ID } } as const;
    expect(toHex(encodeMetadataRecord(topic, 0))).toBe(toHex(javaFrame('metadata-record TopicRecord v0')));
    const change = {
      type: 'PartitionChangeRecord',
      record: { partitionId: 2, topicId: TOPIC_ID, isr: [5, 6], leader: 5 },
    } as const;
    expect(toHex(encodeMetadataRecord(change, 1))).toBe(toHex(javaFrame('metadata-record PartitionChangeRecord v1')));
  });

  it('are read with type and version', () => {
    const read = decodeMetadataRecord(javaFrame('metadata-record PartitionChangeRecord v1'));
    expect(read).toMatchObject({
      type: 'PartitionChangeRecord',
      version: 1,
      record: { leader: 5, isr: [5, 6], replicas: null },
    });
    if (read.type === 'PartitionChangeRecord') expect(read.record.topicId).toBe(TOPIC_ID);
  });

  it.each([
    ['another frame version', '02020007', 'unsupported-version', 0],
    ['a type that nobody knows', '016300', 'unknown-api', 1],
    ['a version that the record lacks', '010205', 'unsupported-version', 3],
    ['too few bytes', '0102', 'underflow', 2],
    ['bytes left over', '01180000ff', 'trailing-bytes', 4],
  ])('with %s are refused', (_, hex, code, offset) => {
    expect(() => decodeMetadataRecord(fromHex(hex))).toThrow(expect.objectContaining({ code, offset }));
  });
});

describe('records of remote log metadata', () => {
  it('are framed as Java frames them', () => {
    const bytes = javaFrame('remote-log RemotePartitionDeleteMetadataRecord v0');
    const read = decodeRemoteLogRecord(bytes);
    expect(read).toMatchObject({
      type: 'RemotePartitionDeleteMetadataRecord',
      record: { brokerId: 3, eventTimestampMs: 1_700_000_000_000, remotePartitionDeleteState: 1 },
    });
    expect(toHex(encodeRemoteLogRecord(read, read.version))).toBe(toHex(bytes));
  });
});

describe('records of __consumer_offsets', () => {
  const key = javaFrame('OffsetCommit key v1');
  const value = javaFrame('OffsetCommit value v3');
  const record = {
    type: 'OffsetCommit',
    key: { group: 'g', topic: 't', partition: 1 },
    value: { offset: 42, leaderEpoch: 3, metadata: 'm', commitTimestamp: 1_700_000_000_000 },
  } as const;

  it('are what Java writes', () => {
    const written = encodeConsumerOffsetsRecord(record, 3);
    expect(toHex(written.key)).toBe(toHex(key));
    expect(toHex(written.value as Uint8Array)).toBe(toHex(value));
    expect(decodeConsumerOffsetsRecord(key, value)).toMatchObject(record);
  });

  it('have no value when they delete something', () => {
    const deleted = decodeConsumerOffsetsRecord(javaFrame('ConsumerGroupMemberMetadata key v5'), null);
    expect(deleted).toEqual({ type: 'ConsumerGroupMemberMetadata', key: { groupId: 'g', memberId: 'm' }, value: null });
    const written = encodeConsumerOffsetsRecord(
      { type: 'ConsumerGroupMemberMetadata', key: { groupId: 'g', memberId: 'm' }, value: null },
      0,
    );
    expect(toHex(written.key)).toBe(toHex(javaFrame('ConsumerGroupMemberMetadata key v5')));
    expect(written.value).toBeNull();
  });

  it('of an older key version are read too', () => {
    expect(decodeConsumerOffsetsRecord(fromHex('0000 000167 000174 00000001'), value)).toMatchObject(record);
  });

  it('of a type that is not known are passed over', () => {
    expect(decodeConsumerOffsetsRecord(fromHex('0063 000167'), value)).toBeUndefined();
  });

  it('that are broken are refused', () => {
    expect(() => decodeConsumerOffsetsRecord(fromHex('00'), null)).toThrow(
      expect.objectContaining({ code: 'underflow' }),
    );
    expect(() => decodeConsumerOffsetsRecord(key, fromHex('0003 00'))).toThrow(
      expect.objectContaining({ code: 'underflow', api: 'OffsetCommitValue', path: 'offset' }),
    );
    expect(() => decodeConsumerOffsetsRecord(key, fromHex('0063'))).toThrow(
      expect.objectContaining({ code: 'unsupported-version' }),
    );
  });
});

describe('records of __transaction_state', () => {
  it('are what Java writes', () => {
    expect(decodeTransactionLogKey(javaFrame('TransactionLog key v0'))).toEqual({ transactionalId: 'tx' });
    expect(toHex(encodeTransactionLogKey({ transactionalId: 'tx' }))).toBe(toHex(javaFrame('TransactionLog key v0')));
    const value = decodeTransactionLogValue(javaFrame('TransactionLog value v1'));
    expect(value).toMatchObject({
      producerId: 4000,
      producerEpoch: 2,
      transactionTimeoutMs: 60_000,
      transactionStatus: 1,
      transactionPartitions: [{ topic: 't', partitionIds: [0, 2] }],
      transactionLastUpdateTimestampMs: 1_700_000_000_001,
      transactionStartTimestampMs: 1_700_000_000_000,
    });
    expect(toHex(encodeTransactionLogValue(value, 1))).toBe(toHex(javaFrame('TransactionLog value v1')));
  });
});

describe('the consumer protocol', () => {
  it('is what Java writes', () => {
    const subscription = {
      topics: ['a', 'b'],
      ownedPartitions: [{ topic: 'a', partitions: [1] }],
      generationId: 7,
      rackId: 'r1',
    };
    expect(toHex(encodeSubscription({ ...subscription, userData: null }, 3))).toBe(toHex(javaFrame('subscription v3')));
    expect(decodeSubscription(javaFrame('subscription v3'))).toMatchObject(subscription);
    expect(toHex(encodeSubscription({ topics: ['a'], userData: new Uint8Array([1, 2]) }, 0))).toBe(
      toHex(javaFrame('subscription v0')),
    );
    const assignment = { assignedPartitions: [{ topic: 'a', partitions: [0, 3] }], userData: null };
    expect(toHex(encodeAssignment(assignment, 3))).toBe(toHex(javaFrame('assignment v3')));
    expect(decodeAssignment(javaFrame('assignment v3'))).toEqual(assignment);
  });

  it('in a newer version is read as far as it is known', () => {
    const newer = fromHex(`0009${toHex(javaFrame('subscription v3')).slice(4)}cafe`);
    expect(decodeSubscription(newer)).toMatchObject({ generationId: 7, rackId: 'r1' });
  });
});

describe('a principal inside Envelope', () => {
  it('is what Java writes', () => {
    const principal = { type: 'User', name: 'alice', tokenAuthenticated: true };
    expect(toHex(encodePrincipal(principal))).toBe(toHex(javaFrame('principal v0')));
    expect(decodePrincipal(javaFrame('principal v0'))).toEqual(principal);
  });

  it('in a newer version is refused', () => {
    expect(() => decodePrincipal(fromHex('0001 00'))).toThrow(expect.objectContaining({ code: 'unsupported-version' }));
  });
});
