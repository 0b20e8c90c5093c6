import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../src/index.ts';

function framed(frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    frames.map((frame) => {
      const size = Buffer.alloc(4);
      size.writeInt32BE(frame.length);
      return Buffer.concat([size, frame]);
    }),
  );
}

test('frames come out as they were sent, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 }),
      (frames, cuts) => {
        const stream = framed(frames);
        const seen: Uint8Array[] = [];
        const reader = new FrameReader(1_000, (frame) => seen.push(frame));
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const next = at + (cuts[turn % cuts.length] as number);
          const borrowed = Uint8Array.from(stream.subarray(at, next));
          expect(reader.push(borrowed)).toBeNull();
          borrowed.fill(0xee);
          at = next;
        }
        expect(seen.map((frame) => [...frame])).toEqual(frames.map((frame) => [...frame]));
      },
    ),
  );
});

test('a frame larger than allowed, or of negative size, is a fault', () => {
  const push = (hex: string) => new FrameReader(100, () => {}).push(Buffer.from(hex, 'hex'));
  expect(push('00000065')).toEqual({ kind: 'oversized', size: 101 });
  expect(push('ffffffff')).toEqual({ kind: 'negative-size', size: -1 });
  expect(push('00000064')).toBeNull();
});

test('a claim of 100 MB with few bytes behind it holds little memory', () => {
  const reader = new FrameReader(104_857_600, () => {});
  reader.push(Buffer.from('06400000', 'hex'));
  reader.push(new Uint8Array(10));
  expect(reader.heldBytes).toBeLessThanOrEqual(4 * 1024);
});
