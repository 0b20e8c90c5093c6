import {
  buildControlBatch,
  buildMarkerBatch,
  type ControlRecordType,
  controlRecordTypeOf,
  describeControlRecordFault,
  markerCoordinatorEpochOf,
  RecordBatch,
  RecordCursor,
} from '@biquorum/kafka-wire';
import { describe, expect, test } from 'vitest';
import { craftBatch, sized, varint } from './craft.ts';
import { recordedBytes } from './recordings.ts';

const timestampMs = 1_700_000_000_000;
const rows: [name: string, type: ControlRecordType, baseOffset: number][] = [
  ['leader-change-v0', 'leader-change', 50],
  ['leader-change-v1', 'leader-change', 50],
  ['snapshot-header', 'snapshot-header', 0],
  ['snapshot-footer', 'snapshot-footer', 99],
  ['kraft-version', 'kraft-version', 1],
  ['voters', 'kraft-voters', 2],
];

describe('control records', () => {
  test.each(rows)('%s is built as Java builds it, and recognised', (name, type, baseOffset) => {
    const recorded = recordedBytes(name);
    const record = firstRecord(new RecordBatch(recorded));
    expect(controlRecordTypeOf(record)).toBe(type);
    const value = record.value();
    if (value === null || type === 'abort' || type === 'commit') throw new Error(name);
    expect(buildControlBatch(type, value, { baseOffset, partitionLeaderEpoch: 6, timestampMs })).toEqual(recorded);
  });

  test('markers are built as Java builds them, and recognised', () => {
    const commit = { type: 'commit', producerId: 4711, producerEpoch: 3, coordinatorEpoch: 9 } as const;
    const abort = { type: 'abort', producerId: 2 ** 52, producerEpoch: 32767, coordinatorEpoch: 0 } as const;
    const built = [
      buildMarkerBatch({ ...commit, timestampMs, baseOffset: 77, partitionLeaderEpoch: 5 }),
      buildMarkerBatch({ ...abort, timestampMs, partitionLeaderEpoch: 0 }),
    ] as const;
    expect(built[0]).toEqual(recordedBytes('commit-marker'));
    expect(built[1]).toEqual(recordedBytes('abort-marker'));
    for (const [index, marker] of [commit, abort].entries()) {
      const record = firstRecord(new RecordBatch(built[index] as Uint8Array));
      expect(controlRecordTypeOf(record)).toBe(marker.type);
      expect(markerCoordinatorEpochOf(record)).toBe(marker.coordinatorEpoch);
    }
  });

  test('a type from the future is a number', () => {
    expect(controlRecordTypeOf(control([0, 0, 0, 7], []))).toBe(7);
    expect(controlRecordTypeOf(control([0, 3, 0, 1, 99], []))).toBe('commit');
  });

  test.each([
    ['control-key-too-short', [0, 0, 0], [0, 0, 0, 0, 0, 1]],
    ['control-version-negative', [255, 255, 0, 1], [0, 0, 0, 0, 0, 1]],
    ['marker-too-short', [0, 0, 0, 1], [0, 0, 0, 0, 1]],
    ['control-version-negative', [0, 0, 0, 1], [128, 0, 0, 0, 0, 1]],
  ])('%s is told', (kind, key, value) => {
    const record = control(key, value);
    const type = controlRecordTypeOf(record);
    const fault = typeof type === 'object' ? type : markerCoordinatorEpochOf(record);
    expect(fault).toMatchObject({ kind, error: 'INVALID_RECORD' });
    expect(typeof fault === 'object' && describeControlRecordFault(fault)).toContain('at byte 61');
  });
});

function control(key: readonly number[], value: readonly number[]): RecordCursor {
  const record = sized([0, 0, 0], varint(key.length), [...key], varint(value.length), [...value], [0]);
  return firstRecord(craftBatch(record, { attributes: 0x20 }));
}

function firstRecord(batch: RecordBatch): RecordCursor {
  const cursor = new RecordCursor().open(batch);
  expect(batch.isControl).toBe(true);
  expect(cursor.next()).toBe(true);
  return cursor;
}
