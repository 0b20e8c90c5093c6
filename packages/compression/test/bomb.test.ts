import { compressionCodecs } from '@biquorum/compression';
import { describe, expect, test } from 'vitest';

const codecs = compressionCodecs();
const MIB = 1024 * 1024;
const CAP = MIB;
/** Far less than what the bombs hold, and more than what the rest of the process needs meanwhile. */
const ALLOWED = 32 * MIB;

// Each holds 256 MiB of zeros. None is ever decompressed as a whole, here neither.
const bombs: Record<keyof typeof codecs, () => Uint8Array> = {
  gzip: () => repeat(codecs.gzip.compress(new Uint8Array(MIB)), 256),
  snappy: () => repeat(codecs.snappy.compress(new Uint8Array(MIB)), 256),
  lz4() {
    const frame = codecs.lz4.compress(new Uint8Array(64 * 1024));
    const block = frame.subarray(7, frame.length - 4);
    return Buffer.concat([frame.subarray(0, 7), repeat(block, 4096), frame.subarray(frame.length - 4)]);
  },
  zstd() {
    // Header with a window of 2 MiB, then blocks that repeat one byte 128 KiB times; the last one says so.
    const blocks = repeat(Buffer.from([0x02, 0x00, 0x10, 0x00]), 2048);
    blocks[blocks.length - 4] = 0x03;
    return Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), blocks]);
  },
};

describe.each(Object.keys(bombs) as (keyof typeof codecs)[])('a bomb of %s', (type) => {
  test('is refused, and memory stays bounded meanwhile', () => {
    const bomb = bombs[type]();
    const before = peakBytes();
    expect(() => codecs[type].decompress(bomb, CAP)).toThrow(expect.objectContaining({ code: 'too-large' }));
    expect(peakBytes() - before).toBeLessThan(ALLOWED);
  });

  test('is one: it decompresses to 256 MiB', { skip: process.env['BOMBS'] !== 'all' }, () => {
    expect(codecs[type].decompress(bombs[type](), 256 * MIB).length).toBe(256 * MIB);
  });
});

test('a snappy block that states more than its bytes can give is corrupt, and nothing is allocated for it', () => {
  const lie = Buffer.from('ffffffff0f00610000', 'hex');
  const before = peakBytes();
  expect(() => codecs.snappy.decompress(lie, 2 ** 32)).toThrow(expect.objectContaining({ code: 'corrupt' }));
  expect(peakBytes() - before).toBeLessThan(ALLOWED);
});

test('a zstd frame that asks for a window of 128 MiB gets none for a few bytes', () => {
  // Window descriptor 0x88: 2^27 bytes; one block, stored, of five bytes.
  const frame = Buffer.from('28b52ffd0088290000' + '68656c6c6f', 'hex');
  const before = peakBytes();
  expect(Buffer.from(codecs.zstd.decompress(frame, CAP)).toString()).toBe('hello');
  expect(peakBytes() - before).toBeLessThan(ALLOWED);
});

function repeat(bytes: Uint8Array, times: number): Buffer {
  const whole = Buffer.alloc(bytes.length * times);
  for (let index = 0; index < times; index++) whole.set(bytes, index * bytes.length);
  return whole;
}

/** The most memory that the process has ever had resident. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
