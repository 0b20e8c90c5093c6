import { ByteWriter, type Payload } from '@biquorum/std';
import { describe, expect, it } from 'vitest';
import type { MessageCodec } from '../../src/codec/message-codec.ts';
import { EncodeError } from '../../src/encode-error.ts';
import { envelopeRequest } from '../../src/generated/messages/envelope.ts';
import { fetchRequest, fetchResponse } from '../../src/generated/messages/fetch.ts';
import { findCoordinatorRequest } from '../../src/generated/messages/find-coordinator.ts';
import { listOffsetsRequest } from '../../src/generated/messages/list-offsets.ts';
import { metadataRequest, metadataResponse } from '../../src/generated/messages/metadata.ts';
import { produceRequest } from '../../src/generated/messages/produce.ts';
import type { Init } from '../../src/schema/init.ts';
import { toHex } from '../support/hex.ts';

describe('what is left out', () => {
  it('takes its default', () => {
    // transactionalId null, acks 0, timeout 0, no topics.
    expect(toHex(produceRequest.toBytes({}, 7))).toBe('ffff00000000000000000000');
    expect(metadataResponse.fromBytes(metadataResponse.toBytes({ topics: [{}] }, 12), 12)).toMatchObject({
      clusterId: null,
      controllerId: -1,
      topics: [{ name: '', topicId: 'AAAAAAAAAAAAAAAAAAAAAA', topicAuthorizedOperations: -(2 ** 31) }],
    });
  });

  it('is the same as giving undefined', () => {
    expect(toHex(produceRequest.toBytes({ acks: undefined, topicData: undefined }, 9))).toBe(
      toHex(produceRequest.toBytes({}, 9)),
    );
  });
});

describe('a field that the version lacks', () => {
  it('is dropped when it may be', () => {
    // throttleTimeMs is from version 1 on, and ignorable.
    expect(toHex(fetchResponse.toBytes({ throttleTimeMs: 5 }, 0))).toBe('00000000');
  });

  it('is refused when it must not be dropped', () => {
    expect(failureOf(produceRequest, { transactionalId: 'tx' }, 2)).toMatchObject({
      code: 'unsupported-field',
      api: 'ProduceRequest',
      version: 2,
      path: 'transactionalId',
    });
    const partition = { preferredReadReplica: 3 };
    expect(failureOf(fetchResponse, { responses: [{ partitions: [{}, partition] }] }, 10)).toMatchObject({
      code: 'unsupported-field',
      path: 'responses[0].partitions[1].preferredReadReplica',
    });
  });

  it('is no matter when it holds its default', () => {
    expect(toHex(produceRequest.toBytes({ transactionalId: null }, 2))).toBe('00000000000000000000');
    expect(() => fetchRequest.toBytes({ replicaState: { replicaId: -1, replicaEpoch: -1 } }, 4)).not.toThrow();
    expect(failureOf(fetchRequest, { replicaState: { replicaId: 4 } }, 4)).toMatchObject({ path: 'replicaState' });
  });

  it('are unknown tagged fields too', () => {
    const unknownTags = [{ tag: 1, data: new Uint8Array(1) }];
    expect(failureOf(produceRequest, { unknownTags }, 8)).toMatchObject({ code: 'unsupported-field', path: '' });
    expect(() => produceRequest.toBytes({ unknownTags: [] }, 8)).not.toThrow();
  });
});

describe('a value that is not of its field', () => {
  it.each([
    ['a number too large', { acks: 40_000 }, 'out-of-range', 'acks'],
    ['a fraction', { timeoutMs: 1.5 }, 'out-of-range', 'timeoutMs'],
    ['a bigint', { timeoutMs: 5n }, 'wrong-type', 'timeoutMs'],
    ['text for a number', { timeoutMs: '5' }, 'wrong-type', 'timeoutMs'],
    ['a number for text', { topicData: [{ name: 5 }] }, 'wrong-type', 'topicData[0].name'],
    ['null for a number', { acks: null }, 'unexpected-null', 'acks'],
    ['null for an array', { topicData: null }, 'unexpected-null', 'topicData'],
    ['text for an array', { topicData: 'abc' }, 'wrong-type', 'topicData'],
    ['null for an element', { topicData: [null] }, 'unexpected-null', 'topicData[0]'],
    ['an array with a hole', { topicData: [undefined] }, 'wrong-type', 'topicData[0]'],
    [
      'text for bytes',
      { topicData: [{ partitionData: [{ records: 'x' }] }] },
      'wrong-type',
      'topicData[0].partitionData[0].records',
    ],
    ['nothing', undefined, 'wrong-type', ''],
    ['text with too many bytes', { transactionalId: 'é'.repeat(16_384) }, 'too-long', 'transactionalId'],
  ])('%s is refused with its path', (_, value, code, path) => {
    for (const version of [7, 9]) {
      expect(failureOf(produceRequest, value as Init<unknown>, version)).toMatchObject({ code, path, version });
    }
  });

  it('leaves the writer as it was', () => {
    const writer = new ByteWriter();
    writer.u8(1);
    expect(() => produceRequest.encode(writer, { acks: 40_000, timeoutMs: 5 }, 7)).toThrow(EncodeError);
    expect(writer.position).toBe(1);
    produceRequest.encode(writer, {}, 7);
    expect(toHex(writer.finish())).toBe('01ffff00000000000000000000');
  });

  it('is an int64 that is neither safe nor extreme, unless the field is wide', () => {
    const fetch = (fetchOffset: number) => ({ topics: [{ partitions: [{ fetchOffset }] }] });
    expect(failureOf(fetchRequest, fetch(2 ** 60), 4)).toMatchObject({ code: 'out-of-range' });
    expect(failureOf(fetchRequest, fetch(0.5), 4)).toMatchObject({ code: 'out-of-range' });
    expect(toHex(fetchRequest.toBytes(fetch(2 ** 63), 4))).toContain('7fffffffffffffff');
    expect(toHex(fetchRequest.toBytes(fetch(-(2 ** 63)), 4))).toContain('8000000000000000');
    expect(toHex(fetchRequest.toBytes(fetch(2 ** 53 - 1), 4))).toContain('001fffffffffffff');
    expect(toHex(fetchRequest.toBytes(fetch(-(2 ** 31)), 4))).toContain('ffffffff80000000');
    const list = (timestamp: bigint | number) => ({ topics: [{ partitions: [{ timestamp }] }] });
    expect(toHex(listOffsetsRequest.toBytes(list(2n ** 60n + 1n), 1))).toContain('1000000000000001');
    expect(toHex(listOffsetsRequest.toBytes(list(-2), 1))).toContain('fffffffffffffffe');
    expect(failureOf(listOffsetsRequest, list(2n ** 63n), 1)).toMatchObject({ code: 'out-of-range' });
  });

  it('is text that is no UUID', () => {
    const topics = (topicId: string) => ({ topics: [{ topicId: topicId as never, name: null }] });
    for (const text of ['', 'abc', 'AAAAAAAAAAAAAAAAAAAAAB', 'AAAAAAAAAAAAAAAAAAAA+A', 'AAAAAAAAAAAAAAAAAAAAAé']) {
      expect(failureOf(metadataRequest, topics(text), 12)).toMatchObject({
        code: 'out-of-range',
        path: 'topics[0].topicId',
      });
    }
  });

  it('is a version that the message does not have', () => {
    expect(failureOf(produceRequest, {}, 12)).toMatchObject({ code: 'unsupported-version' });
  });
});

describe('unknown tagged fields', () => {
  const tag = (number: number) => ({ tag: number, data: new Uint8Array([number]) });

  it('are written among the known ones, by ascending tag', () => {
    // Tag 0 is the cluster id of Fetch v12.
    const bytes = fetchRequest.toBytes({ clusterId: 'c', unknownTags: [tag(2), tag(5)] }, 12);
    expect(toHex(bytes).slice(-22)).toBe('0300020263020102050105');
  });

  it('are refused out of order, twice, or under a known tag', () => {
    for (const unknownTags of [[tag(5), tag(2)], [tag(5), tag(5)], [tag(0)], [{ tag: -1, data: new Uint8Array() }]]) {
      expect(failureOf(fetchRequest, { unknownTags }, 12)).toMatchObject({ code: 'invalid-tags' });
    }
  });
});

describe('text', () => {
  it('has its surrogates without a partner replaced by ?, as in Java', () => {
    expect(toHex(findCoordinatorRequest.toBytes({ key: 'a\ud800b🦆' }, 0))).toBe('0007613f62f09fa686');
    expect(toHex(findCoordinatorRequest.toBytes({ key: '\udc00' }, 3))).toBe('023f0000');
  });

  it('may have 32,767 bytes', () => {
    for (const version of [0, 3]) {
      const key = `${'é'.repeat(16_383)}x`;
      expect(findCoordinatorRequest.fromBytes(findCoordinatorRequest.toBytes({ key }, version), version).key).toBe(key);
    }
  });
});

describe('payloads', () => {
  const partition = (records: Uint8Array | Payload) => ({
    responses: [
      {
        topic: 't',
        partitions: [
          { partitionIndex: 1, records },
          { partitionIndex: 2, records },
        ],
      },
    ],
  });

  it('go into the writer by reference, however often they occur', () => {
    const slice: Payload = { byteLength: 70_000 };
    const inMemory = new Uint8Array(70_000);
    for (const version of [4, 12]) {
      const writer = new ByteWriter();
      fetchResponse.encode(writer, partition(slice), version);
      const segments = writer.segments();
      expect(segments.filter((segment) => segment === slice)).toHaveLength(2);
      const whole = Buffer.concat(segments.map((segment) => (segment === slice ? inMemory : segment)) as Uint8Array[]);
      expect(toHex(whole)).toBe(toHex(fetchResponse.toBytes(partition(inMemory), version)));
      expect(writer.position).toBe(whole.length);
    }
  });

  it('are records of more than a kilobyte, while small ones are copied', () => {
    const kinds = (bytes: number) => {
      const records = new Uint8Array(bytes);
      const writer = new ByteWriter();
      fetchResponse.encode(writer, partition(records), 4);
      return writer.segments().filter((segment) => segment === records).length;
    };
    expect(kinds(1024)).toBe(0);
    expect(kinds(1025)).toBe(2);
  });

  it('may stand for other bytes too', () => {
    const request: Payload = { byteLength: 300 };
    const writer = new ByteWriter();
    envelopeRequest.encode(writer, { requestData: request, clientHostAddress: new Uint8Array(4) }, 0);
    expect(writer.segments()[1]).toBe(request);
  });

  it('may be empty', () => {
    const empty: Payload = { byteLength: 0 };
    const writer = new ByteWriter();
    fetchResponse.encode(writer, partition(empty), 12);
    expect(toHex(writer.finish())).toBe(toHex(fetchResponse.toBytes(partition(new Uint8Array()), 12)));
  });
});

describe('large messages', () => {
  it('grow the memory they are written into as often as needed', () => {
    const topics = Array.from({ length: 20_000 }, (_, index) => ({
      name: `topic-${index}`,
      partitions: [{ replicaNodes: [1, 2, 3] }],
    }));
    for (const version of [1, 9]) {
      const decoded = metadataResponse.fromBytes(metadataResponse.toBytes({ topics }, version), version);
      expect(decoded.topics).toHaveLength(20_000);
      expect(decoded.topics[19_999]).toMatchObject({ name: 'topic-19999', partitions: [{ replicaNodes: [1, 2, 3] }] });
    }
  });

  it('may give numbers in a typed array', () => {
    const partition = { replicaNodes: new Int32Array([1, 2, 3]) };
    const decoded = metadataResponse.fromBytes(
      metadataResponse.toBytes({ topics: [{ partitions: [partition] }] }, 9),
      9,
    );
    expect(decoded.topics[0]?.partitions[0]?.replicaNodes).toEqual([1, 2, 3]);
  });
});

function failureOf<Message>(codec: MessageCodec<Message>, value: Init<Message>, version: number): EncodeError {
  try {
    codec.toBytes(value, version);
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error(`${codec.table.name} v${version} was written`);
}
