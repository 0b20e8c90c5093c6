import { BatchBuilder, buildMarkerBatch } from '@biquorum/kafka-wire';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOfKey } from '../src/client/murmur2.ts';
import { rangeAssignment } from '../src/client/range-assignment.ts';
import { readBatches } from '../src/client/read-batches.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the partition of a key', () => {
  // Hashes of Java's own test, `UtilsTest.testMurmur2`.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('follows from the hash that Java gives %s', (key, hash) => {
    expect(murmur2(utf8(key))).toBe(hash);
    expect(partitionOfKey(utf8(key), 7)).toBe((hash & 0x7fff_ffff) % 7);
  });
});

describe('ranges of partitions', () => {
  // The example of Java's `RangeAssignor`: two members, two topics of three partitions.
  it('go to members in the order of their ids, the first ones getting one more', () => {
    const topics = ['t0', 't1'];
    const assignment = rangeAssignment(
      new Map([
        ['C1', topics],
        ['C0', topics],
      ]),
      new Map([
        ['t0', 3],
        ['t1', 3],
      ]),
    );
    expect(Object.fromEntries(assignment)).toEqual({
      C0: [
        { topic: 't0', partitions: [0, 1] },
        { topic: 't1', partitions: [0, 1] },
      ],
      C1: [
        { topic: 't0', partitions: [2] },
        { topic: 't1', partitions: [2] },
      ],
    });
  });

  it('leave members without any when there are more of them, and topics to those who want them', () => {
    const assignment = rangeAssignment(
      new Map([
        ['a', ['t']],
        ['b', ['t', 'u']],
        ['c', ['gone']],
      ]),
      new Map([
        ['t', 1],
        ['u', 1],
      ]),
    );
    expect(assignment.get('a')).toEqual([{ topic: 't', partitions: [0] }]);
    expect(assignment.get('b')).toEqual([{ topic: 'u', partitions: [0] }]);
    expect(assignment.get('c')).toEqual([]);
  });
});

describe('fetched records', () => {
  const READ = { codecs: {}, aborted: [], skipFaults: false };
  const T = { topic: 't', partition: 0 };

  const batch = (baseOffset: number, values: readonly string[], producerId?: number): Uint8Array => {
    const builder = new BatchBuilder(
      producerId === undefined
        ? { baseOffset }
        : { baseOffset, producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true },
    );
    for (const value of values) builder.append(1_000, null, utf8(value));
    return builder.build().slice();
  };
  const marker = (baseOffset: number, producerId: number, type: 'abort' | 'commit'): Uint8Array =>
    buildMarkerBatch({ baseOffset, producerId, producerEpoch: 0, type, coordinatorEpoch: 0, timestampMs: 1_000 });
  const join = (...pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces));
  const values = (records: readonly { readonly value: Uint8Array | null }[]): readonly string[] =>
    records.map(({ value }) => new TextDecoder().decode(value ?? undefined));

  it('begin at the offset that was asked for, not at the batch that holds it, and end with the last whole batch', () => {
    const whole = join(batch(0, ['a', 'b', 'c']), batch(3, ['d']));
    const cut = join(whole, batch(4, ['e']).subarray(0, 30));
    const { records, nextOffset } = readBatches(T, cut, 1, READ);
    expect(values(records)).toEqual(['b', 'c', 'd']);
    expect(nextOffset).toBe(4);
  });

  it('leave out markers, and what aborted transactions have written', () => {
    const bytes = join(
      batch(0, ['kept'], 7),
      batch(1, ['lost'], 8),
      marker(2, 7, 'commit'),
      marker(3, 8, 'abort'),
      batch(4, ['kept, too'], 8),
      marker(5, 8, 'commit'),
    );
    const committed = readBatches(T, bytes, 0, { ...READ, aborted: [{ producerId: 8, firstOffset: 1 }] });
    expect(values(committed.records)).toEqual(['kept', 'kept, too']);
    expect(committed.nextOffset).toBe(6);
    expect(values(readBatches(T, bytes, 0, READ).records)).toEqual(['kept', 'lost', 'kept, too']);
  });

  it('that are damaged name partition and offset, or are skipped', () => {
    const damaged = batch(5, ['x']);
    damaged[damaged.length - 1] = 0xff;
    const bytes = join(damaged, batch(6, ['y']));
    expect(() => readBatches(T, bytes, 5, READ)).toThrow(/partition t-0, offset 5: .*--skip-message-on-error/);
    expect(values(readBatches(T, bytes, 5, { ...READ, skipFaults: true }).records)).toEqual(['y']);
  });
});
