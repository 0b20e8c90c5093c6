import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchCursor } from '@biquorum/kafka-wire';
import type { MetadataRecordInit } from '@biquorum/kafka-wire/metadata-records';
import type { Control } from '@biquorum/raft';
import { voterSet } from '@biquorum/raft';
import { describe, it } from 'vitest';
import type { VersionedRecord } from '../../src/journal.ts';
import { controlBatches, readControls } from '../../src/quorum/control-batches.ts';
import { entryOf } from '../../src/quorum/entries.ts';
import { decodeBatch, decodeRecords, encodeBatch } from '../../src/quorum/metadata-batches.ts';
import { formatQuorumStateV0, formatQuorumStateV1, parseQuorumState } from '../../src/quorum/quorum-state-file.ts';
import { checkSnapshot, snapshotBatches, snapshotFileName, snapshotIdOf } from '../../src/quorum/snapshot-file.ts';

/** Recorded from a controller of Apache Kafka 3.9.2, node 1, with static voters and with a dynamic quorum. */
function recorded(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', 'apache-3.9.2', name)));
}

/** The time of each batch in some bytes. */
function timesOf(bytes: Uint8Array): number[] {
  const times: number[] = [];
  const batches = new BatchCursor(bytes);
  while (batches.next()) times.push(batches.batch.maxTimestamp);
  return times;
}

const VOTERS = voterSet([{ id: 1, directory: 'Axt-zhbhRvGoHt3e_TDLcQ', address: 'CONTROLLER://127.0.0.1:29094#0-1' }]);
const LEADER_CHANGE: Control = { kind: 'leaderChange', leader: 1, voters: [1], granting: [1] };

describe('control batches', () => {
  for (const [name, controls, span] of [
    ['static-epoch-start.batch', [LEADER_CHANGE], 1],
    ['dynamic-epoch-start.batch', [LEADER_CHANGE, { kind: 'voters', set: VOTERS }], 3],
  ] as const) {
    it(`are those of Apache, byte for byte: ${name}`, () => {
      const bytes = recorded(name);
      const [timeMs = 0] = timesOf(bytes);
      const codec = controlBatches(() => timeMs, 'CONTROLLER');
      assert.deepEqual(codec.encode(controls, { index: 0, epoch: 1 }), bytes);
      assert.deepEqual(codec.decode(bytes), controls);
      assert.equal(codec.spanOf?.(controls), span);
      const batches = new BatchCursor(bytes);
      batches.next();
      assert.deepEqual(entryOf(batches.batch), { index: 0, span, epoch: 1, kind: 'control', payload: bytes });
    });
  }

  it('are refused when a record is damaged, an id repeats or there is no voter', () => {
    const codec = controlBatches(() => 0, 'CONTROLLER');
    const bytes = codec.encode([LEADER_CHANGE], { index: 0, epoch: 1 });
    for (let at = 61; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = 0xff;
      try {
        readControls(damaged);
      } catch (error) {
        assert.match((error as Error).name, /^(BytesError|ProtocolError)$/);
      }
    }
    const none = codec.encode([{ kind: 'voters', set: { voters: [], ids: [] } }], { index: 0, epoch: 1 });
    assert.throws(() => readControls(none), /voters/);
    const [voter] = VOTERS.voters;
    assert(voter);
    const twice = { kind: 'voters', set: { voters: [voter, voter], ids: [1, 1] } } as const;
    assert.throws(() => readControls(codec.encode([twice], { index: 0, epoch: 1 })), /repeat/);
  });
});

describe('batches of records', () => {
  it('are those of Apache, byte for byte', () => {
    const bytes = recorded('bootstrap-records.batch');
    const [timestampMs = 0] = timesOf(bytes);
    const records: VersionedRecord[] = [
      { type: 'BeginTransactionRecord', record: { name: 'Bootstrap records' } },
      { type: 'FeatureLevelRecord', record: { name: 'metadata.version', featureLevel: 21 } },
      { type: 'ZkMigrationStateRecord', record: { zkMigrationState: 0 } },
      { type: 'EndTransactionRecord', record: {} },
    ].map((message) => ({ message: message as MetadataRecordInit, version: 0 }));
    assert.deepEqual(encodeBatch(records, { baseOffset: 3, epoch: 1, timestampMs }), bytes);
    const batch = decodeBatch({ index: 3, span: 4, epoch: 1, kind: 'data', payload: bytes });
    assert.deepEqual(
      [batch.baseOffset, batch.endOffset, batch.epoch, batch.appendTimeMs, batch.records.map(({ type }) => type)],
      [3, 7, 1, timestampMs, records.map(({ message }) => message.type)],
    );
  });
});

describe('snapshots', () => {
  for (const [name, index, epoch] of [
    ['static.checkpoint', 7, 1],
    ['dynamic.checkpoint', 8, 1],
    ['voters.checkpoint', 0, 0],
  ] as const) {
    it(`are those of Apache, byte for byte: ${name}`, () => {
      const bytes = recorded(name);
      const head = checkSnapshot(bytes);
      assert(head);
      assert.deepEqual(head.voters, name === 'static.checkpoint' ? null : VOTERS);
      const records: VersionedRecord[] = [...decodeRecords(bytes)].map(({ type, version, record }) => {
        return { message: { type, record } as MetadataRecordInit, version };
      });
      const times = timesOf(bytes);
      const content = { ...head, id: { index, epoch }, records: records[Symbol.iterator]() };
      const pieces = [...snapshotBatches(content, () => times.shift() as number, 'CONTROLLER')];
      assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), bytes);
      assert.deepEqual(times, []);
    });
  }

  it('are not whole without their last byte, with a changed one, or with more after the end', () => {
    const bytes = recorded('dynamic.checkpoint');
    assert(checkSnapshot(bytes));
    assert.equal(checkSnapshot(bytes.subarray(0, bytes.length - 1)), null);
    assert.equal(checkSnapshot(bytes.subarray(0, bytes.length - 75)), null, 'no footer');
    for (let at = 17; at < bytes.length; at += 29) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 1;
      // The epoch in a batch's header stands outside of its CRC.
      if (at < 12 || at > 16) assert.equal(checkSnapshot(damaged), null, `byte ${at}`);
    }
    assert.equal(checkSnapshot(new Uint8Array(Buffer.concat([bytes, bytes]))), null);
    assert.equal(checkSnapshot(new Uint8Array(0)), null);
  });

  it('are named by end offset and epoch', () => {
    assert.equal(snapshotFileName({ index: 8, epoch: 1 }), '00000000000000000008-0000000001.checkpoint');
    assert.deepEqual(snapshotIdOf('00000000000000000008-0000000001.checkpoint'), { index: 8, epoch: 1 });
    for (const name of ['00000000000000000008-0000000001.checkpoint.part', '8-1.checkpoint', 'quorum-state']) {
      assert.equal(snapshotIdOf(name), null);
    }
  });
});

describe('quorum-state', () => {
  const record = { leader: 1, epoch: 1, voted: -1, votedDirectory: '' };

  it('is that of Apache, byte for byte, in both versions', () => {
    assert.deepEqual(formatQuorumStateV0(record, [1]), recorded('quorum-state-v0.json'));
    assert.deepEqual(formatQuorumStateV1(record), recorded('quorum-state-v1.json'));
    assert.deepEqual(parseQuorumState('v0', recorded('quorum-state-v0.json')), record);
    assert.deepEqual(parseQuorumState('v1', recorded('quorum-state-v1.json')), record);
  });

  it('keeps the directory of whom was voted for in version 1', () => {
    const voted = { leader: -1, epoch: 7, voted: 3, votedDirectory: 'Axt-zhbhRvGoHt3e_TDLcQ' };
    assert.deepEqual(parseQuorumState('v1', formatQuorumStateV1(voted)), voted);
  });

  it('is refused with its path and the value that is wrong', () => {
    const parse = (text: string): unknown => parseQuorumState('/data/quorum-state', new TextEncoder().encode(text));
    assert.throws(() => parse('{'), /\/data\/quorum-state is no JSON/);
    assert.throws(() => parse('{"data_version":2}'), /data_version 2/);
    assert.throws(() => parse('{"data_version":1,"leaderId":"1"}'), /leaderId 1/);
  });
});
