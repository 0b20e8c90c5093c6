import { CompressionError } from '@biquorum/kafka-wire';
import { assert } from '@biquorum/std';
import { CORRUPT, type Memory, memoryOf, OVERFLOW } from '../memory.ts';
import { decodeLz4Block } from './decode-block.ts';
import * as frame from './frame.ts';
import { xxhash32 } from './xxhash32.ts';

const NO_BYTES = new Uint8Array(0);
/** More than any sequence of LZ4 gains: one byte of a match length stands for 255 bytes. */
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
 * The output grows block by block and never by more than the next block's bytes can give, so the cap holds at any time.
 *
 * @param scratch memory to decode into as long as it suffices.
 * @throws CompressionError
 */
export function readLz4Frame(input: Uint8Array, maxBytes: number, scratch: Uint8Array = NO_BYTES): Uint8Array {
  const from = memoryOf(input);
  const header = readHeader(from);
  const { flags, contentSize } = header;
  if (contentSize !== undefined && contentSize > maxBytes) throw tooLarge(`its header states ${contentSize}`, maxBytes);
  let to = memoryOf(scratch);
  let at = header.end;
  let write = 0;
  for (;;) {
    const size = u32(from, at);
    at += 4;
    const length = size & ~frame.STORED;
    if (length === frame.END_MARK) break;
    if (length > header.blockSizeMax)
      throw corrupt(`block of ${length} bytes where ${header.blockSizeMax} are allowed`);
    if (length > input.length - at) throw corrupt(`block at byte ${at} needs ${length} bytes, the input ends`);
    const blockSizeMax = size >= frame.STORED ? length : header.blockSizeMax;
    const floor = (flags & frame.BLOCK_INDEPENDENCE) === 0 ? 0 : write;
    for (;;) {
      const limit = Math.min(to.bytes.length, maxBytes, write + blockSizeMax);
      const end =
        size >= frame.STORED
          ? store(from, at, length, to, write, limit)
          : decodeLz4Block(from, at, at + length, to, write, limit, floor);
      if (end === CORRUPT) throw corrupt(`block at byte ${at} is not sound`);
      if (end !== OVERFLOW) {
        write = end;
        break;
      }
      if (limit === write + blockSizeMax) throw corrupt(`block at byte ${at} holds more than ${blockSizeMax} bytes`);
      if (limit === maxBytes) throw tooLarge(`${write} are decoded and more follow`, maxBytes);
      const needed = write + Math.min(blockSizeMax, length * EXPANSION_MAX);
      assert(limit < needed, () => `block of ${length} bytes gave more than ${needed - write}`);
      to = grow(to, write, Math.min(maxBytes, Math.max(needed, 2 * write)));
    }
    if ((flags & frame.BLOCK_CHECKSUM) !== 0) {
      if (u32(from, at + length) !== xxhash32(input, at, at + length))
        throw corrupt(`checksum of the block at byte ${at}`);
      at += 4;
    }
    at += length;
  }
  if (contentSize !== undefined && contentSize !== write)
    throw corrupt(`header states ${contentSize} bytes, ${write} are there`);
  const output = to.bytes.subarray(0, write);
  if ((flags & frame.CONTENT_CHECKSUM) !== 0 && u32(from, at) !== xxhash32(output))
    throw corrupt('checksum of the content');
  return output;
}

function readHeader(from: Memory): FrameHeader {
  const { bytes } = from;
  if (u32(from, 0) !== frame.FRAME_MAGIC) throw corrupt('the input is not an LZ4 frame');
  if (bytes.length < 7) throw corrupt('the input ends within the frame header');
  const flags = bytes[4] as number;
  const descriptor = bytes[5] as number;
  if ((flags & frame.FRAME_VERSION_MASK) !== frame.FRAME_VERSION) throw corrupt(`frame version ${flags >>> 6}`);
  if ((flags & frame.FLAGS_RESERVED) !== 0 || (descriptor & frame.DESCRIPTOR_RESERVED) !== 0)
    throw corrupt('a reserved bit is set');
  const blockSizeMax = frame.blockSizeMaxOf(descriptor >>> 4);
  if (blockSizeMax === undefined) throw corrupt(`block size code ${descriptor >>> 4}`);
  if ((flags & frame.DICTIONARY_ID) !== 0)
    throw new CompressionError('lz4', 'unsupported', 'the frame needs a dictionary');
  let end = 6;
  let contentSize: number | undefined;
  if ((flags & frame.CONTENT_SIZE) !== 0) {
    contentSize = u32(from, end + 4) * 0x1_0000_0000 + u32(from, end);
    end += 8;
  }
  const stated = bytes[end];
  if (stated !== ((xxhash32(bytes, 4, end) >>> 8) & 0xff)) throw corrupt('checksum of the frame header');
  return { flags, blockSizeMax, contentSize, end: end + 1 };
}

function store(from: Memory, at: number, length: number, to: Memory, write: number, limit: number): number {
  if (length > limit - write) return OVERFLOW;
  to.bytes.set(from.bytes.subarray(at, at + length), write);
  return write + length;
}

function grow(memory: Memory, written: number, size: number): Memory {
  const grown = new Uint8Array(size);
  grown.set(memory.bytes.subarray(0, written));
  return memoryOf(grown);
}

function u32({ bytes, view }: Memory, at: number): number {
  if (bytes.length - at < 4) throw corrupt('the input ends within the frame');
  return view.getUint32(at, true);
}

function corrupt(detail: string): CompressionError {
  return new CompressionError('lz4', 'corrupt', detail);
}

function tooLarge(detail: string, maxBytes: number): CompressionError {
  return new CompressionError('lz4', 'too-large', `${detail}, at most ${maxBytes} bytes are accepted`);
}
