import { BatchBuilder, RecordBatch, recompressBatch } from '@biquorum/kafka-wire';
import { dumpMessage, dumpRecords, dumpRequest, dumpResponse } from '@biquorum/kafka-wire/dump';
import { fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { messageByName } from '@biquorum/kafka-wire/registry';
import { ByteReader } from '@biquorum/std';
import { describe, expect, it } from 'vitest';
import { includesVersion, parseVersions } from '../../src/schema/versions.ts';
import { readRecordings } from '../recordings/read-recordings.ts';
import { nodeCodecs, recordedBytes } from '../records/recordings.ts';
import { fromHex } from '../support/hex.ts';
import { javaFrame } from '../support/java-frames.ts';

describe('a request', () => {
  it('is shown field by field, header first', () => {
    expect(dumpRequest(javaFrame('request ApiVersions v3'))).toBe(`\
ApiVersionsRequest v3, 25 bytes
  header v2
    requestApiKey: 18
    requestApiVersion: 3
    correlationId: 5
    clientId: "cli-1"
  body
    clientSoftwareName: "biq"
    clientSoftwareVersion: "1.0"
`);
  });

  it('that ends too early is shown as far as it goes, with what is wrong', () => {
    const frame = javaFrame('request ApiVersions v3').subarray(0, 18);
    expect(dumpRequest(frame)).toBe(`\
ApiVersionsRequest v3, 18 bytes
  header v2
    requestApiKey: 18
    requestApiVersion: 3
    correlationId: 5
    clientId: "cli-1"
  ApiVersionsRequest v3: clientSoftwareName at byte 17: 3 bytes wanted, 1 are left (underflow)
  bytes from 16: 0462 (2 bytes)
`);
  });

  it('with more than a request is shown with what is left over', () => {
    const frame = javaFrame('request SaslHandshake v1');
    expect(dumpRequest(Uint8Array.of(...frame, 1, 2))).toMatch(
      /mechanism: "PLAIN"\n {2}left over: 0102 \(2 bytes\)\n$/,
    );
  });

  it('that is none is shown as bytes', () => {
    expect(dumpRequest(Uint8Array.of(1, 2))).toBe('no request: 0102 (2 bytes)\n');
    expect(dumpRequest(fromHex('7f00000100000001'))).toBe(
      'request of unknown API 32512 v1: 7f00000100000001 (8 bytes)\n',
    );
  });
});

describe('a response', () => {
  it('is shown with the names of its errors', () => {
    expect(dumpResponse(javaFrame('response Heartbeat v4'), 12, 4)).toBe(`\
HeartbeatResponse v4, 12 bytes
  header v1
    correlationId: 9
  body
    throttleTimeMs: 0
    errorCode: 27 REBALANCE_IN_PROGRESS
`);
  });

  it('of an API that nobody knows is shown as bytes', () => {
    expect(dumpResponse(Uint8Array.of(0), 999, 0)).toBe('response of unknown API 999 v0: 00 (1 byte)\n');
  });

  it('with records tells of their batches, and of the one that is cut off', () => {
    const records = Uint8Array.of(...recordedBytes('transactional'), ...recordedBytes('nulls').subarray(0, 30));
    const message = fetchResponse.fromBytes(
      fetchResponse.toBytes(
        {
          responses: [
            {
              topic: 'orders',
              partitions: [{ partitionIndex: 3, highWatermark: 103, lastStableOffset: 100, records }],
            },
          ],
        },
        11,
      ),
      11,
    );
    const text = dumpMessage(fetchResponse, message, 11);
    expect(text).toContain(`\
          records: 139 bytes
            batch at byte 0: 109 bytes, 3 records, offsets 100 to 102, create time up to 1700000000002 (2023-11-14T22:13:20.002Z), transactional, producer 12 epoch 0, sequences 0 to 2
            record batch at byte 109: needs 68 bytes, 30 are there; read or send the rest
`);
  });
});

describe('records', () => {
  it('are shown if asked for', () => {
    expect(dumpRecords(recordedBytes('headers', 'gzip'), { records: true, codecs: nodeCodecs, bytesMax: 24 })).toBe(`\
batch at byte 0: 165 bytes, 3 records, offsets 0 to 2, create time up to 1700000000002 (2023-11-14T22:13:20.002Z), gzip
  offset 0, timestamp 1700000000000 (2023-11-14T22:13:20.000Z)
    key: "ключ"
    value: "значение 🦆"
    header "trace": "1"
    header "trace": "2"
    header "日本": null
  offset 1, timestamp 1700000000001 (2023-11-14T22:13:20.001Z)
    key: "b"
    value: null
  offset 2, timestamp 1700000000002 (2023-11-14T22:13:20.002Z)
    key: null
    value: "c"
    header "hhhhhhhhhhhhhhhhhhhhhhhh"… (200 characters): 000000000000000000000000000000000000000000000000… (130 bytes)
`);
  });

  it('stay closed without their codec', () => {
    const text = dumpRecords(recordedBytes('headers', 'lz4'), { records: true, codecs: nodeCodecs });
    expect(text).toMatch(/ lz4\n {2}record batch at byte 0: codec lz4 is not at hand/);
  });

  it('of control batches are understood', () => {
    expect(dumpRecords(recordedBytes('commit-marker'), { records: true })).toBe(`\
batch at byte 0: 78 bytes, 1 record, offsets 77 to 77, create time up to 1700000000000 (2023-11-14T22:13:20.000Z), control, transactional, producer 4711 epoch 3, leader epoch 5
  offset 77, timestamp 1700000000000 (2023-11-14T22:13:20.000Z)
    commit by coordinator epoch 9
`);
    const text = dumpRecords(recordedBytes('leader-change-v0'), { records: true });
    expect(text).toContain(`\
    LeaderChangeMessage v0
      version: 0
      leaderId: 2
      voters: 2
        [0]
          voterId: 1
        [1]
          voterId: 2
      grantingVoters: 1
        [0]
          voterId: 2
`);
    for (const name of ['snapshot-header', 'snapshot-footer', 'kraft-version', 'voters', 'leader-change-v1']) {
      expect(dumpRecords(recordedBytes(name), { records: true })).toMatch(/\n {4}\w+ v[01]\n {6}version: [01]\n/);
    }
  });

  it('of internal topics are understood', () => {
    const shown = (
      content: 'metadata' | 'consumer-offsets' | 'transaction-state',
      key: Uint8Array | null,
      value: Uint8Array | null,
    ) => {
      const builder = new BatchBuilder();
      builder.append(0, key, value);
      return dumpRecords(builder.build(), { records: true, content }).split('\n').slice(2).join('\n');
    };
    expect(shown('metadata', null, javaFrame('metadata-record TopicRecord v0'))).toBe(`\
    TopicRecord v0
      name: "orders"
      topicId: "JbhRXsU7QmGBJBMnZ4Ocdg"
`);
    const [key, value] = [javaFrame('OffsetCommit key v1'), javaFrame('OffsetCommit value v3')];
    expect(shown('consumer-offsets', key, value)).toBe(`\
    OffsetCommitKey v1
      group: "g"
      topic: "t"
      partition: 1
    OffsetCommitValue v3
      offset: 42
      leaderEpoch: 3
      metadata: "m"
      commitTimestamp: 1700000000000
`);
    expect(shown('consumer-offsets', key, null)).toMatch(/partition: 1\n {4}value: null\n$/);
    const transaction = [javaFrame('TransactionLog key v0'), javaFrame('TransactionLog value v1')] as const;
    expect(shown('transaction-state', ...transaction)).toMatch(/transactionalId: "tx"\n {4}TransactionLogValue v1\n/);
    // What is not what it should be is shown as it is, with what is wrong.
    expect(shown('metadata', null, Uint8Array.of(1, 99, 0))).toBe(`\
    MetadataRecord: type at byte 1: no record has the type 99 (unknown-api)
    key: null
    value: 016300 (3 bytes)
`);
  });

  it('of a damaged batch are shown as they stand', () => {
    const bytes = recordedBytes('idempotent');
    bytes[bytes.length - 2] = 0x21;
    expect(dumpRecords(bytes, { records: true })).toMatch(
      /CRC-32C 0x[0-9a-f]{8}, its bytes have 0x[0-9a-f]{8}\n {2}offset 10/,
    );
  });
});

describe('what is shown', () => {
  it('is every field that the version has, for every message and version', () => {
    for (const [name, recordings] of readRecordings()) {
      const codec = messageByName.get(name);
      if (codec === undefined) throw new Error(name);
      for (const { v, hex, sample } of recordings) {
        if (sample !== 'defaults' && sample !== 'random-0') continue;
        const message = codec.decode(new ByteReader(fromHex(hex)), v);
        const text = dumpMessage(codec, message, v);
        for (const { name: field, versions, taggedVersions } of codec.table.fields) {
          const inline =
            includesVersion(parseVersions(versions), v) && !includesVersion(parseVersions(taggedVersions), v);
          if (inline) expect(text, `${name} v${v}`).toMatch(new RegExp(`^ {2}${field}:`, 'm'));
        }
      }
    }
  });

  it('is cut where the limits are', () => {
    const bytes = recordedBytes('thousand');
    const some = dumpRecords(bytes, { records: true, elementsMax: 3 });
    expect(some.split('\n').length).toBe(1 + 3 * 3 + 1 + 1);
    expect(some).toMatch(/… 997 more\n$/);
    const few = dumpRecords(bytes, { records: true, linesMax: 5 });
    expect(few.split('\n').length).toBe(5 + 1 + 1);
    expect(few).toMatch(/… and more\n$/);
  });

  it('is the same whatever the codec was', () => {
    const plain = new RecordBatch(recordedBytes('headers'));
    const codec = nodeCodecs.zstd;
    if (codec === undefined) throw new Error('zstd');
    const packed = recompressBatch(plain, plain.recordBytes, { type: 'zstd', codec });
    const rest = (bytes: Uint8Array): string[] =>
      dumpRecords(bytes, { records: true, codecs: nodeCodecs }).split('\n').slice(1);
    expect(rest(packed)).toEqual(rest(plain.bytes));
  });
});
