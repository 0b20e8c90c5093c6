import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FramePool, FrameReader } from '../src/index.ts';

test('memory that is given back is used again, by frames that it has room for', () => {
  const pool = new FramePool(1 << 20);
  const first = pool.acquire(20_000);
  expect(first.length).toBeGreaterThanOrEqual(20_000);
  pool.release(first.subarray(0, 20_000));
  expect(pool.acquireFree(40_000)).toBeUndefined();
  expect(pool.acquire(30_000).buffer).toBe(first.buffer);
  expect(pool.acquireFree(30_000)).toBeUndefined();
});

test('every size gets a buffer with room for it, and the least that has', () => {
  const pool = new FramePool(1 << 20);
  for (let bits = 13; bits <= 22; bits++) {
    for (const bytes of [2 ** bits - 1, 2 ** bits]) expect(pool.acquire(bytes).length).toBe(2 ** bits);
    if (bits < 22) expect(pool.acquire(2 ** bits + 1).length).toBe(2 ** (bits + 1));
  }
});

test('what is kept is bounded; small and huge frames are not kept', () => {
  const pool = new FramePool(100_000);
  const buffers = [65_536, 32_768, 65_536].map((bytes) => pool.acquire(bytes));
  for (const buffer of buffers) pool.release(buffer);
  expect(pool.keptBytes).toBe(65_536 + 32_768);
  pool.release(pool.acquire(1_000));
  expect(pool.keptBytes).toBe(65_536 + 32_768);
  const roomy = new FramePool(1 << 30);
  roomy.release(roomy.acquire(5 << 20));
  expect(roomy.keptBytes).toBe(0);
});

test('a frame stays as it came until it is given back, however many come meanwhile', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ size: fc.integer({ min: 0, max: 300_000 }), held: fc.boolean() }), { maxLength: 12 }),
      fc.integer({ min: 1_000, max: 70_000 }),
      (requests, chunkBytes) => {
        const pool = new FramePool(1 << 20);
        const held: { readonly frame: Uint8Array; readonly mark: number }[] = [];
        let mark = 0;
        const reader = new FrameReader(
          1 << 20,
          (frame) => {
            const request = requests[mark - 1];
            expect(frame.length).toBe(request?.size);
            expect(frame.every((byte) => byte === mark)).toBe(true);
            if (request?.held === true) held.push({ frame, mark });
            else pool.release(frame);
          },
          pool,
        );
        for (const { size } of requests) {
          mark += 1;
          const bytes = new Uint8Array(4 + size).fill(mark);
          new DataView(bytes.buffer).setInt32(0, size);
          for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes));
        }
        for (const { frame, mark: own } of held) expect(frame.every((byte) => byte === own)).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});
