import { memoryOf } from '../memory.ts';
import { compressLz4Block } from './compress-block.ts';
import { compressLz4BlockHigh } from './compress-block-high.ts';
import * as frame from './frame.ts';
import { lz4BlockBound } from './sequence.ts';
import { xxhash32 } from './xxhash32.ts';

const BLOCK_SIZE = 64 * 1024;
const HEADER_SIZE = 7;

/** As much effort as a match is worth: how many earlier places are tried; undefined takes the first match. */
export type Lz4Attempts = number | undefined;

/**
 * The bytes as one LZ4 frame of the kind that Java's client writes: independent blocks of 64 KiB, no checksums but the
 * header's, incompressible blocks stored. Source: `Lz4BlockOutputStream`.
 */
export function writeLz4Frame(input: Uint8Array, attempts: Lz4Attempts): Uint8Array {
  const blocks = Math.ceil(input.length / BLOCK_SIZE);
  const output = new Uint8Array(HEADER_SIZE + input.length + 4 * blocks + 4 + lz4BlockBound(BLOCK_SIZE) - BLOCK_SIZE);
  const from = memoryOf(input);
  const to = memoryOf(output);
  to.view.setUint32(0, frame.FRAME_MAGIC, true);
  output[4] = frame.FRAME_VERSION | frame.BLOCK_INDEPENDENCE;
  output[5] = frame.BLOCK_SIZE_CODE << 4;
  output[6] = xxhash32(output, 4, 6) >>> 8;
  let write = HEADER_SIZE;
  for (let start = 0; start < input.length; start += BLOCK_SIZE) {
    const end = Math.min(start + BLOCK_SIZE, input.length);
    const body = write + 4;
    let stop =
      attempts === undefined
        ? compressLz4Block(from, start, end, to, body)
        : compressLz4BlockHigh(from, start, end, to, body, attempts);
    let size = stop - body;
    if (size >= end - start) {
      output.set(input.subarray(start, end), body);
      stop = body + end - start;
      size = (end - start) | frame.STORED;
    }
    to.view.setInt32(write, size, true);
    write = stop;
  }
  to.view.setUint32(write, frame.END_MARK, true);
  return output.subarray(0, write + 4);
}
