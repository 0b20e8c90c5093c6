import { CompressionError } from '@biquorum/kafka-wire';
import { assert } from '@biquorum/std';
import { decodeLz4Block, HISTORY_BYTES_MAX } from './block.ts';
import * as frame from './frame.ts';
import { xxhash32 } from './xxhash32.ts';

const NO_BYTES = new Uint8Array(0);
/** More than any sequence gains: one byte of a match length stands for 255 bytes. */
const EXPANSION_MAX = 255;

interface FrameHeader {
  readonly flags: number;
  readonly blockSizeMax: number;
  readonly contentSize: number | undefined;
  /** Position of the first block. */
  readonly end: number;
}

/**
 * Decodes the LZ4 frame at the start of the bytes; what follows it is ignored, as Java's client ignores it. Reads any
 * frame without a dictionary: linked blocks (which Java refuses), all block sizes, checksums, content size.
 *
 * The output grows block by block, each decoded within what is left of the cap, so the cap holds at any time.
 *
 * @param scratch memory to decode into as long as it suffices.
 * @throws CompressionError
 */
export function readLz4Frame(input: Uint8Array, maxBytes: number, scratch: Uint8Array = NO_BYTES): Uint8Array {
  const { flags, blockSizeMax, contentSize, end: firstBlock } = readHeader(input);
  if (contentSize !== undefined && contentSize > maxBytes) throw tooLarge(`the header states ${contentSize}`, maxBytes);
  let output = scratch;
  let length = 0;
  let at = firstBlock;
  for (;;) {
    const head = u32(input, at);
    at += 4;
    const size = head % frame.STORED;
    if (size === frame.END_MARK) break;
    if (size > blockSizeMax) throw corrupt(`block of ${size} bytes where ${blockSizeMax} are allowed`);
    if (size > input.length - at) throw corrupt(`block at byte ${at} needs ${size} bytes, the input ends`);
    const block = input.subarray(at, at + size);
    at += size;

    let plain = block;
    if (head < frame.STORED) {
      const limit = Math.min(blockSizeMax, maxBytes - length, size * EXPANSION_MAX);
      const linked = (flags & frame.BLOCK_INDEPENDENCE) === 0;
      const history = linked ? output.subarray(Math.max(0, length - HISTORY_BYTES_MAX), length) : NO_BYTES;
      const decoded = decodeLz4Block(block, limit, history);
      if (decoded === 'corrupt') throw corrupt(`block at byte ${at - size} is not sound`);
      if (decoded === 'overflow') {
        if (limit === blockSizeMax) throw corrupt(`block at byte ${at - size} holds more than ${blockSizeMax} bytes`);
        assert(limit === maxBytes - length, () => `block of ${size} bytes gave more than ${limit}`);
        throw tooLarge(`${length} are decoded and more follow`, maxBytes);
      }
      plain = decoded;
    } else if (size > maxBytes - length) throw tooLarge(`${length} are decoded and ${size} follow`, maxBytes);
    if (length + plain.length > output.length) output = grow(output, length, plain.length, contentSize, maxBytes);
    output.set(plain, length);
    length += plain.length;

    if ((flags & frame.BLOCK_CHECKSUM) !== 0) {
      if (u32(input, at) !== xxhash32(block)) throw corrupt(`checksum of the block at byte ${at - size}`);
      at += 4;
    }
  }
  if (contentSize !== undefined && contentSize !== length) {
    throw corrupt(`the header states ${contentSize} bytes, ${length} are there`);
  }
  const content = output.subarray(0, length);
  if ((flags & frame.CONTENT_CHECKSUM) !== 0 && u32(input, at) !== xxhash32(content))
    throw corrupt('checksum of the content');
  return content;
}

function readHeader(input: Uint8Array): FrameHeader {
  if (u32(input, 0) !== frame.FRAME_MAGIC) throw corrupt('the input is not an LZ4 frame');
  const flags = input[4] ?? 0;
  const descriptor = input[5] ?? 0;
  const further = ((flags & frame.CONTENT_SIZE) === 0 ? 0 : 8) + ((flags & frame.DICTIONARY_ID) === 0 ? 0 : 4);
  const end = 6 + further;
  if (end >= input.length) throw corrupt('the input ends within the frame header');
  if ((flags & frame.FRAME_VERSION_MASK) !== frame.FRAME_VERSION) throw corrupt(`frame version ${flags >>> 6}`);
  if ((flags & frame.FLAGS_RESERVED) !== 0 || (descriptor & frame.DESCRIPTOR_RESERVED) !== 0) {
    throw corrupt('a reserved bit is set');
  }
  const blockSizeMax = frame.blockSizeMaxOf(descriptor >>> 4);
  if (blockSizeMax === undefined) throw corrupt(`block size code ${descriptor >>> 4}`);
  if (input[end] !== ((xxhash32(input, 4, end) >>> 8) & 0xff)) throw corrupt('checksum of the frame header');
  if ((flags & frame.DICTIONARY_ID) !== 0) {
    throw new CompressionError('lz4', 'unsupported', 'the frame needs a dictionary; write it without one');
  }
  const contentSize = (flags & frame.CONTENT_SIZE) === 0 ? undefined : u32(input, 10) * 0x1_0000_0000 + u32(input, 6);
  return { flags, blockSizeMax, contentSize, end: end + 1 };
}

/** Larger memory with what is there, room for the next `more` bytes, and for what is likely to follow. */
function grow(
  output: Uint8Array,
  length: number,
  more: number,
  contentSize: number | undefined,
  maxBytes: number,
): Uint8Array {
  // Never more than twice what was decoded already: the stated size is a claim.
  const likely = Math.min(contentSize ?? maxBytes, 2 * length, maxBytes);
  const grown = new Uint8Array(Math.max(length + more, likely));
  grown.set(output.subarray(0, length));
  return grown;
}

function u32(input: Uint8Array, at: number): number {
  if (at + 4 > input.length) throw corrupt('the input ends within the frame');
  const low = (input[at] as number) | ((input[at + 1] as number) << 8) | ((input[at + 2] as number) << 16);
  return low + (input[at + 3] as number) * 0x100_0000;
}

function corrupt(detail: string): CompressionError {
  return new CompressionError('lz4', 'corrupt', detail);
}

function tooLarge(detail: string, maxBytes: number): CompressionError {
  return new CompressionError('lz4', 'too-large', `${detail}, at most ${maxBytes} bytes are accepted`);
}
