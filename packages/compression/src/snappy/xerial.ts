import { CompressionError } from '@biquorum/kafka-wire';
import { CORRUPT, memoryOf } from '../memory.ts';
import { compressSnappyBlock, snappyBlockBound } from './compress-block.ts';
import { decodeSnappyBlock, readSnappyPreamble } from './decode-block.ts';

// The framing of org.xerial.snappy's SnappyOutputStream, which is what Java's client writes: eight magic bytes, version,
// oldest compatible version, then raw blocks, each behind its length in four bytes.
const MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00] as const;
const MAGIC_HEAD = 0x8253_4e41;
const HEADER_SIZE = 16;
const VERSION = 1;
const BLOCK_SIZE = 32 * 1024;
const NO_BYTES = new Uint8Array(0);

/** The bytes in xerial framing, in blocks of 32 KiB. */
export function writeXerial(input: Uint8Array): Uint8Array {
  const blocks = Math.ceil(input.length / BLOCK_SIZE);
  const output = new Uint8Array(HEADER_SIZE + blocks * (4 + snappyBlockBound(0)) + snappyBlockBound(input.length));
  const from = memoryOf(input);
  const to = memoryOf(output);
  output.set(MAGIC);
  to.view.setInt32(8, VERSION);
  to.view.setInt32(12, VERSION);
  let write = HEADER_SIZE;
  for (let start = 0; start < input.length; start += BLOCK_SIZE) {
    const body = write + 4;
    const end = compressSnappyBlock(from, start, Math.min(start + BLOCK_SIZE, input.length), to, body);
    to.view.setInt32(write, end - body);
    write = end;
  }
  return output.subarray(0, write);
}

/**
 * Decodes xerial framing, or one raw block if the magic bytes are not there (as Java's client does: other clients write
 * that). Framed streams may follow each other; up to three bytes too many are ignored.
 *
 * How much there is to come stands before each block, so it is all known, and held against the cap and against what the
 * bytes can possibly give, before anything is allocated.
 *
 * @param scratch memory to decode into if it suffices.
 * @throws CompressionError
 */
export function readSnappy(input: Uint8Array, maxBytes: number, scratch: Uint8Array = NO_BYTES): Uint8Array {
  const framed = isFramed(input);
  let length = 0;
  walk(input, framed, (at, end) => {
    const preamble = readSnappyPreamble(input, at, end);
    if (preamble === undefined) throw corrupt(`preamble of the block at byte ${at}`);
    length += preamble.length;
    if (length > maxBytes) throw tooLarge(length, maxBytes);
  });
  const output = length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length);
  const from = memoryOf(input);
  const to = memoryOf(output);
  let write = 0;
  walk(input, framed, (at, end) => {
    const preamble = readSnappyPreamble(input, at, end);
    if (preamble === undefined) throw corrupt(`preamble of the block at byte ${at}`);
    const limit = write + preamble.length;
    const stop = decodeSnappyBlock(from, preamble.end, end, to, write, limit);
    if (stop === CORRUPT) throw corrupt(`block at byte ${at} is not sound`);
    write = stop;
  });
  return output;
}

/** Calls back with begin and end of each raw block. */
function walk(input: Uint8Array, framed: boolean, visit: (at: number, end: number) => void): void {
  if (!framed) {
    if (input.length === 0) throw corrupt('the input is empty');
    visit(0, input.length);
    return;
  }
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = HEADER_SIZE;
  while (at + 4 <= input.length) {
    const size = view.getUint32(at);
    if (size === MAGIC_HEAD && isFramed(input.subarray(at))) {
      at += HEADER_SIZE;
      continue;
    }
    at += 4;
    if (size > input.length - at)
      throw corrupt(`block at byte ${at} needs ${size} bytes, ${input.length - at} are there`);
    visit(at, at + size);
    at += size;
  }
}

function isFramed(input: Uint8Array): boolean {
  return input.length >= HEADER_SIZE && MAGIC.every((byte, index) => input[index] === byte);
}

function corrupt(detail: string): CompressionError {
  return new CompressionError('snappy', 'corrupt', detail);
}

function tooLarge(length: number, maxBytes: number): CompressionError {
  return new CompressionError('snappy', 'too-large', `blocks state ${length} bytes, at most ${maxBytes} are accepted`);
}
