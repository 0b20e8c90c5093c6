import { FrameReader } from '@biquorum/std';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutFrames } from '../../src/server/cut-frames.ts';

const FRAME_BYTES_MAX = 40;

/** What comes of a stream that arrives in chunks: the frames, then the fault if there is one. */
function cut(stream: Uint8Array, cuts: readonly number[]): string[] {
  const seen: string[] = [];
  const take = (frame: Uint8Array): void => void seen.push(Buffer.from(frame).toString('hex'));
  const reader = new FrameReader(FRAME_BYTES_MAX, take);
  const ends = [...new Set(cuts.map((at) => at % (stream.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, stream.length]) {
    // As a socket's memory, which the next read writes over.
    const chunk = stream.slice(start, end);
    const fault = cutFrames(reader, chunk, FRAME_BYTES_MAX, take);
    chunk.fill(0xff);
    if (fault !== null) return [...seen, `${fault.kind} ${fault.size}`];
    start = end;
  }
  return seen;
}

test('frames are the same wherever the stream is cut, up to the first that cannot be', () => {
  const size = fc.oneof({ weight: 20, arbitrary: fc.nat(12) }, fc.constantFrom(-1, 39, 40, 41, 0x7fff_ffff));
  fc.assert(
    fc.property(fc.array(size, { maxLength: 12 }), fc.array(fc.nat(200)), (sizes, cuts) => {
      const expected: string[] = [];
      const parts: Buffer[] = [];
      for (const [at, one] of sizes.entries()) {
        const prefix = Buffer.alloc(4);
        prefix.writeInt32BE(one);
        const body = Buffer.alloc(Math.max(0, Math.min(one, FRAME_BYTES_MAX)), at + 1);
        parts.push(prefix, body);
        if (one < 0) expected.push(`negative-size ${one}`);
        else if (one > FRAME_BYTES_MAX) expected.push(`oversized ${one}`);
        else expected.push(body.toString('hex'));
        if (one < 0 || one > FRAME_BYTES_MAX) break;
      }
      expect(cut(new Uint8Array(Buffer.concat(parts)), cuts)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
