import assert from 'node:assert';
import { describe, it } from 'vitest';
import { trimPoint } from '../../src/quorum/trim-point.ts';

const snapshot = (index: number, size: number, lastContainedMs: number) => ({
  id: { index, epoch: 1 },
  size,
  lastContainedMs,
});
const HELD = [snapshot(10, 100, 1000), snapshot(20, 100, 2000), snapshot(30, 100, 3000)];
const NEVER = { retentionBytes: -1, retentionMs: -1 };

describe('trimPoint', () => {
  it('keeps everything within the bounds, and where there are none', () => {
    assert.equal(trimPoint(HELD, 700, { retentionBytes: 1000, retentionMs: 5000 }, 6000), null);
    assert.equal(trimPoint(HELD, 1e12, NEVER, 1e12), null);
    assert.equal(trimPoint([], 1e12, { retentionBytes: 0, retentionMs: 0 }, 1e12), null);
  });

  it('lets the oldest snapshots go while log and snapshots together are too large', () => {
    assert.deepEqual(trimPoint(HELD, 701, { ...NEVER, retentionBytes: 1000 }, 0), { index: 20, epoch: 1 });
    assert.deepEqual(trimPoint(HELD, 801, { ...NEVER, retentionBytes: 1000 }, 0), { index: 30, epoch: 1 });
  });

  it('lets snapshots go that are too old, but never the newest', () => {
    assert.deepEqual(trimPoint(HELD, 0, { ...NEVER, retentionMs: 1000 }, 2500), { index: 20, epoch: 1 });
    assert.deepEqual(trimPoint(HELD, 0, { ...NEVER, retentionMs: 1000 }, 1e9), { index: 30, epoch: 1 });
  });
});
