import { ByteReader } from '@biquorum/std';
import { describe, expect, it } from 'vitest';
import type { MessageCodec } from '../../src/codec/message-codec.ts';
import { fetchRequest } from '../../src/generated/messages/fetch.ts';
import { findCoordinatorRequest } from '../../src/generated/messages/find-coordinator.ts';
import { listOffsetsRequest } from '../../src/generated/messages/list-offsets.ts';
import { metadataRequest, metadataResponse } from '../../src/generated/messages/metadata.ts';
import { produceRequest } from '../../src/generated/messages/produce.ts';
import { ProtocolError, type ProtocolErrorFacts } from '../../src/protocol-error.ts';
import { messageByName } from '../../src/registry.ts';
import { readRecordings } from '../recordings/read-recordings.ts';
import { fromHex } from '../support/hex.ts';

// Bytes follow the field tables of the protocol; what is wrong with them is said in the title.

describe('malformed bytes are refused with place and reason', () => {
  it('records that are cut off', () => {
    // transactionalId null, acks −1, timeout 1 s, topic "t", partition 7 with 5 bytes of which 2 are there.
    const bytes = fromHex('ffff ffff 000003e8 00000001 0001 74 00000001 00000007 00000005 aabb');
    expect(failureOf(produceRequest, bytes, 7)).toMatchObject({
      code: 'underflow',
      api: 'ProduceRequest',
      version: 7,
      path: 'topicData[0].partitionData[0].records',
      offset: 27,
      detail: '5 bytes wanted, 2 are left',
    });
  });

  it('an array that claims more elements than the bytes could hold', () => {
    expect(failureOf(produceRequest, fromHex('ffff ffff 000003e8 7fffffff 0001 74'), 7)).toMatchObject({
      code: 'invalid-count',
      path: 'topicData',
      offset: 8,
    });
    // Compact: a count of 2^31 − 2.
    expect(failureOf(metadataRequest, fromHex('ffffffff07 00'), 12)).toMatchObject({
      code: 'invalid-count',
      path: 'topics',
    });
  });

  it('null where the version has none', () => {
    expect(failureOf(findCoordinatorRequest, fromHex('ffff'), 0)).toMatchObject({
      code: 'unexpected-null',
      path: 'key',
      offset: 0,
    });
    // Metadata v0: null for all topics came with version 1.
    expect(failureOf(metadataRequest, fromHex('ffffffff'), 0)).toMatchObject({
      code: 'unexpected-null',
      path: 'topics',
    });
    expect(metadataRequest.fromBytes(fromHex('ffffffff'), 1).topics).toBeNull();
  });

  it('a compact string of more than 32,767 bytes', () => {
    const bytes = new Uint8Array(40_000);
    bytes.set(fromHex('818002'));
    expect(failureOf(findCoordinatorRequest, bytes, 3)).toMatchObject({
      code: 'invalid-length',
      path: 'key',
      detail: 'a string has at most 32767 bytes, not 32768',
    });
  });

  it('a varint that does not end', () => {
    expect(failureOf(findCoordinatorRequest, fromHex('ffffffffff01'), 3)).toMatchObject({
      code: 'overlong-varint',
      path: 'key',
      offset: 0,
    });
  });

  it('an int64 that a number cannot hold, but not the two extremes', () => {
    // Fetch v4: one partition with fetch offset 2^53, then 2^63 − 1, then −2^63.
    const fetch = (offset: string) =>
      fromHex(`ffffffff 00000000 00000000 00000000 00 00000001 0001 74 00000001 00000000 ${offset} 00000000`);
    expect(failureOf(fetchRequest, fetch('0020000000000000'), 4)).toMatchObject({
      code: 'unsafe-integer',
      path: 'topics[0].partitions[0].fetchOffset',
      offset: 32,
      detail: '9007199254740992 is beyond ±(2^53 − 1)',
    });
    const offsetOf = (hex: string) => fetchRequest.fromBytes(fetch(hex), 4).topics[0]?.partitions[0]?.fetchOffset;
    expect(offsetOf('001fffffffffffff')).toBe(Number.MAX_SAFE_INTEGER);
    expect(offsetOf('ffe0000000000001')).toBe(Number.MIN_SAFE_INTEGER);
    expect(offsetOf('7fffffffffffffff')).toBe(2 ** 63);
    expect(offsetOf('8000000000000000')).toBe(-(2 ** 63));
    expect(failureOf(fetchRequest, fetch('ffe0000000000000'), 4)).toMatchObject({ code: 'unsafe-integer' });
  });

  it('a tag that the version does not have in tagged form, but one that no version has is kept', () => {
    // Fetch v12: tag 1 (replicaState) is from version 15 on. No topics, no forgotten topics, empty rack.
    const fetch = (tags: string) =>
      fromHex(`ffffffff 00000000 00000000 00000000 00 00000000 00000000 01 01 01 ${tags}`);
    expect(failureOf(fetchRequest, fetch('01 01 00'), 12)).toMatchObject({ code: 'invalid-tag', offset: 29 });
    expect(fetchRequest.fromBytes(fetch('01 09 02 cafe'), 12).unknownTags).toEqual([
      { tag: 9, data: new Uint8Array([0xca, 0xfe]) },
    ]);
  });

  it('a version that the message does not have', () => {
    expect(failureOf(produceRequest, fromHex('00'), 12)).toMatchObject({ code: 'unsupported-version', version: 12 });
    expect(failureOf(produceRequest, fromHex('00'), -1)).toMatchObject({ code: 'unsupported-version' });
    expect(failureOf(produceRequest, fromHex('00'), 1.5)).toMatchObject({ code: 'unsupported-version' });
  });

  it('bytes behind a message that must fill its space', () => {
    expect(failureOf(findCoordinatorRequest, fromHex('0001 67 00'), 0)).toMatchObject({
      code: 'trailing-bytes',
      offset: 3,
    });
  });

  it('and the message names all of it', () => {
    const failure = failureOf(findCoordinatorRequest, fromHex('0005 67'), 0);
    expect(failure.message).toBe('FindCoordinatorRequest v0: key at byte 2: 5 bytes wanted, 1 are left (underflow)');
  });
});

describe('what looks odd but is read, as in Java', () => {
  it('any negative length is null', () => {
    expect(metadataRequest.fromBytes(fromHex('80000000'), 1).topics).toBeNull();
    // A compact length of 2^32 − 1 is −1 as an int, and so null as well.
    expect(metadataRequest.fromBytes(fromHex('ffffffff0f 00 00 00'), 12).topics).toBeNull();
  });

  it('a known tag may come twice, the last counts, and its size is not looked at', () => {
    // Metadata request v12 has no tags of its own; Fetch v12 has cluster id as tag 0.
    const bytes = fromHex(
      'ffffffff 00000000 00000000 00000000 00 00000000 00000000 01 01 01 02 00 63 02 61 00 02 02 62',
    );
    expect(fetchRequest.fromBytes(bytes, 12).clusterId).toBe('b');
  });

  it('tags may come in any order', () => {
    const bytes = fromHex('ffffffff 00000000 00000000 00000000 00 00000000 00000000 01 01 01 02 09 00 00 02 02 61');
    const request = fetchRequest.fromBytes(bytes, 12);
    expect(request.clusterId).toBe('a');
    expect(request.unknownTags).toEqual([{ tag: 9, data: new Uint8Array() }]);
  });

  it('any byte but zero is true', () => {
    expect(metadataRequest.fromBytes(fromHex('00000000 ff'), 4).allowAutoTopicCreation).toBe(true);
  });

  // Recorded from `new String(bytes, UTF_8)` of OpenJDK 17.
  it.each([
    ['ff41', '\ufffdA'],
    ['c080', '\ufffd\ufffd'],
    ['eda080', '\ufffd'],
    ['eda080edb080', '\ufffd\ufffd'],
    ['eda041', '\ufffdA'],
    ['f09f92', '\ufffd'],
    ['f4908080', '\ufffd\ufffd\ufffd\ufffd'],
    ['efbbbf41', '\ufeffA'],
  ])('malformed UTF-8 %s becomes what Java makes of it', (hex, text) => {
    const length = (hex.length / 2).toString(16).padStart(4, '0');
    expect(findCoordinatorRequest.fromBytes(fromHex(length + hex), 0).key).toBe(text);
  });

  it('a wide int64 has all of its 64 bits', () => {
    // ListOffsets v1: replica −1, one topic, one partition, timestamp in nanoseconds.
    const bytes = fromHex('ffffffff 00000001 0001 74 00000001 00000000 17979cfe362a0001');
    expect(listOffsetsRequest.fromBytes(bytes, 1).topics[0]?.partitions[0]?.timestamp).toBe(1_700_000_000_000_000_001n);
  });
});

describe('a reader', () => {
  it('stands behind the message after decoding', () => {
    const reader = new ByteReader(fromHex('aa 0001 67 bb'), 1);
    findCoordinatorRequest.decode(reader, 0);
    expect(reader.offset).toBe(4);
  });

  it('stands where it stood when decoding failed', () => {
    const reader = new ByteReader(fromHex('aa 0009 67'), 1);
    expect(() => findCoordinatorRequest.decode(reader, 0)).toThrow(ProtocolError);
    expect(reader.offset).toBe(1);
  });

  it('never looks beyond its window', () => {
    const reader = new ByteReader(fromHex('0003 67 6f6f'), 0, 4);
    expect(() => findCoordinatorRequest.decode(reader, 0)).toThrow(ProtocolError);
  });
});

describe('cut off at any byte', () => {
  it('no recorded message can be read, and the error lies within the bytes', () => {
    for (const [name, recordings] of readRecordings()) {
      const codec = messageByName.get(name) as MessageCodec<unknown>;
      for (const { v, hex, sample } of recordings) {
        if (sample !== 'least' && sample !== 'random-1') continue;
        const bytes = fromHex(hex);
        // Large messages are cut at fewer places.
        const step = Math.max(1, bytes.length >> 6);
        for (let length = 0; length < bytes.length; length += step) {
          const failure = failureOf(codec, bytes.subarray(0, length), v);
          expect(failure.offset).toBeLessThanOrEqual(length);
        }
      }
    }
  });
});

describe('an array that is not there in full', () => {
  it('is read up to where its bytes end', () => {
    // 200,000 topics of at least ten bytes fit into 2 MB by their number, but the first is broken.
    const bytes = new Uint8Array(2_000_100).fill(0xff);
    bytes.set(fromHex('00000000 01 00 00000000 c19a0c 0000'));
    expect(failureOf(metadataResponse, bytes, 9)).toMatchObject({ code: 'overlong-varint', path: 'topics[0].name' });
    // One byte more than fits is refused before the first is looked at.
    expect(failureOf(metadataResponse, bytes.subarray(0, 1_900_000), 9)).toMatchObject({
      code: 'invalid-count',
      path: 'topics',
      detail: '200000 elements of at least 10 bytes do not fit into the 1899987 bytes left',
    });
  });
});

function failureOf<Message>(
  codec: MessageCodec<Message>,
  bytes: Uint8Array,
  version: number,
): ProtocolErrorFacts & Error {
  try {
    codec.fromBytes(bytes, version);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error(`${codec.table.name} v${version} was read from ${bytes.length} bytes`);
}
