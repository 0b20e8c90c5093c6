import { lz4Codec } from '@biquorum/compression';
import { describe, expect, test } from 'vitest';
import { xxhash32 } from '../src/lz4/xxhash32.ts';

const codec = lz4Codec();

describe('XXH32', () => {
  // Test vectors of the reference implementation (xxhsum 0.8), seed 0.
  test.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['message digest', 0x7c948494],
    ['abcdefghijklmnopqrstuvwxyz', 0x63a14d5f],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 0x9c285e64],
  ])('of %j', (text, hash) => {
    const bytes = Buffer.from(`..${text}...`);
    expect(xxhash32(bytes, 2, bytes.length - 3)).toBe(hash);
  });
});

// A frame is spelled out: flags, descriptor, further header bytes, then blocks; the header's checksum is put in.
describe('a frame', () => {
  const literal = [0x50, 0x68, 0x65, 0x6c, 0x6c, 0x6f]; // Five literals: hello.

  test('that is sound is read', () => {
    expect(text(frame(0x60, 0x40, [], block(literal), end))).toBe('hello');
    expect(text(frame(0x68, 0x40, [5, 0, 0, 0, 0, 0, 0, 0], block(literal), end))).toBe('hello');
  });

  test('may refer back to earlier blocks only if its blocks are linked', () => {
    const repeat = [0x01, 5, 0, 0x50, 0x77, 0x6f, 0x72, 0x6c, 0x64]; // Five bytes from five back, then five literals.
    expect(text(frame(0x40, 0x40, [], block(literal), block(repeat), end))).toBe('hellohelloworld');
    expect(() => text(frame(0x60, 0x40, [], block(literal), block(repeat), end))).toThrow('not sound');
    const tooFar = [0x01, 6, 0, 0x00];
    expect(() => text(frame(0x40, 0x40, [], block(literal), block(tooFar), end))).toThrow('not sound');
  });

  test.each([
    ['another magic number', () => Buffer.from('04224d1900000000000000', 'hex')],
    ['version 2', () => frame(0xa0, 0x40, [], end)],
    ['a reserved flag', () => frame(0x62, 0x40, [], end)],
    ['a reserved bit of the descriptor', () => frame(0x60, 0xc0, [], end)],
    ['a block size that does not exist', () => frame(0x60, 0x30, [], end)],
    ['a wrong header checksum', () => Buffer.from('04224d1860408300000000', 'hex')],
    ['a size that is not the content’s', () => frame(0x68, 0x40, [6, 0, 0, 0, 0, 0, 0, 0], block(literal), end)],
    ['a block longer than its size allows', () => frame(0x60, 0x40, [], [1, 0, 1, 0], new Array(65_537).fill(0), end)],
    ['a block that holds more than its size allows', () => frame(0x60, 0x40, [], block(bombBlock(70_000)), end)],
    ['a stored block that the input cuts off', () => frame(0x60, 0x40, [], [9, 0, 0, 0x80], [1, 2])],
    ['an offset of 0', () => frame(0x60, 0x40, [], block([0x11, 0x61, 0, 0, 0x00]), end)],
    ['a block that ends with a match', () => frame(0x60, 0x40, [], block([0x10, 0x61, 1, 0]), end)],
    ['a literal length that never ends', () => frame(0x60, 0x40, [], block([0xf0, 255, 255]), end)],
    ['a match length that never ends', () => frame(0x60, 0x40, [], block([0x1f, 0x61, 1, 0, 255]), end)],
    ['half an offset', () => frame(0x60, 0x40, [], block([0x10, 0x61, 1]), end)],
    ['no end mark', () => frame(0x60, 0x40, [], block(literal))],
  ])('with %s is corrupt', (_, bytes) => {
    expect(() => text(bytes())).toThrow(expect.objectContaining({ name: 'CompressionError', code: 'corrupt' }));
  });

  test('with a dictionary is not supported', () => {
    expect(() => text(frame(0x61, 0x40, [1, 0, 0, 0], end))).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  test('that states more than the cap is refused at once', () => {
    const huge = frame(0x68, 0x40, [0, 0, 0, 0, 0, 1, 0, 0], block(literal), end);
    expect(() => text(huge)).toThrow(expect.objectContaining({ code: 'too-large' }));
  });
});

const end = [0, 0, 0, 0];

function frame(
  flags: number,
  descriptor: number,
  further: readonly number[],
  ...parts: readonly (readonly number[])[]
): Buffer {
  const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, flags, descriptor, ...further]);
  return Buffer.concat([
    header,
    Buffer.from([(xxhash32(header, 4) >>> 8) & 0xff]),
    ...parts.map((part) => Buffer.from(part)),
  ]);
}

function block(bytes: readonly number[]): number[] {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return [...size, ...bytes];
}

/** One literal and its repetition, `length` bytes in all but the last literal. */
function bombBlock(length: number): number[] {
  const more = length - 1 - 19;
  return [0x1f, 0x61, 1, 0, ...new Array(Math.floor(more / 255)).fill(255), more % 255, 0x10, 0x62];
}

function text(bytes: Uint8Array): string {
  return Buffer.from(codec.decompress(bytes, 1 << 20)).toString();
}
