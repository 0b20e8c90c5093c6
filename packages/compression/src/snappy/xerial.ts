import { CompressionError } from '@biquorum/kafka-wire';
import { compress, uncompress } from 'snappyjs';
import { draft, finishDraft } from '../draft.ts';
import { isSoundSnappyBlock } from './check-block.ts';
import { readSnappyPreamble } from './preamble.ts';

// The framing of org.xerial.snappy's SnappyOutputStream, which is what Java's client writes: eight magic bytes, version,
// oldest compatible version, then raw blocks, each behind its length in four bytes.
const HEADER = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1);
const MAGIC_SIZE = 8;
const MAGIC_HEAD = 0x8253_4e41;
const BLOCK_SIZE = 32 * 1024;
const NO_BYTES = new Uint8Array(0);

/** The bytes in xerial framing, in blocks of 32 KiB. */
export function writeXerial(input: Uint8Array): Uint8Array {
  const blocks = Math.ceil(input.length / BLOCK_SIZE);
  // What cannot be compressed grows by a sixth and some bytes at most.
  const output = draft(HEADER.length + blocks * 64 + input.length + Math.ceil(input.length / 6));
  output.set(HEADER);
  let write = HEADER.length;
  for (let start = 0; start < input.length; start += BLOCK_SIZE) {
    const plain = input.subarray(start, start + BLOCK_SIZE);
    const block = compress(plain);
    putInt32(output, write, block.length);
    output.set(block, write + 4);
    write += 4 + block.length;
  }
  return finishDraft(output, write);
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
    length += preambleAt(input, at, end).length;
    if (length > maxBytes) throw tooLarge(length, maxBytes);
  });
  const output = length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length);
  let write = 0;
  walk(input, framed, (at, end) => {
    const preamble = preambleAt(input, at, end);
    if (!isSoundSnappyBlock(input, preamble.end, end, preamble.length))
      throw corrupt(`block at byte ${at} is not sound`);
    output.set(decodeBlock(input, at, end, preamble.length), write);
    write += preamble.length;
  });
  return output;
}

/** One raw block, whose preamble has been held against the cap. */
function decodeBlock(input: Uint8Array, at: number, end: number, length: number): Uint8Array {
  let decoded: Uint8Array;
  try {
    decoded = uncompress(input.subarray(at, end), length);
  } catch {
    throw corrupt(`block at byte ${at} is not sound`);
  }
  if (decoded.length !== length) throw corrupt(`block at byte ${at} is not sound`);
  return decoded;
}

function preambleAt(input: Uint8Array, at: number, end: number): { readonly length: number; readonly end: number } {
  const preamble = readSnappyPreamble(input, at, end);
  if (preamble === undefined) throw corrupt(`preamble of the block at byte ${at}`);
  return preamble;
}

/** Calls back with begin and end of each raw block. */
function walk(input: Uint8Array, framed: boolean, visit: (at: number, end: number) => void): void {
  if (!framed) {
    if (input.length === 0) throw corrupt('the input is empty');
    visit(0, input.length);
    return;
  }
  let at = HEADER.length;
  while (at + 4 <= input.length) {
    const size = uint32(input, at);
    if (size === MAGIC_HEAD && isFramed(input.subarray(at))) {
      at += HEADER.length;
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
  if (input.length < HEADER.length) return false;
  for (let index = 0; index < MAGIC_SIZE; index++) if (input[index] !== HEADER[index]) return false;
  return true;
}

function putInt32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}

function uint32(input: Uint8Array, at: number): number {
  const low = ((input[at + 1] as number) << 16) | ((input[at + 2] as number) << 8) | (input[at + 3] as number);
  return (input[at] as number) * 0x100_0000 + low;
}

function corrupt(detail: string): CompressionError {
  return new CompressionError('snappy', 'corrupt', detail);
}

function tooLarge(length: number, maxBytes: number): CompressionError {
  return new CompressionError('snappy', 'too-large', `blocks state ${length} bytes, at most ${maxBytes} are accepted`);
}
