import { draft, finishDraft } from '../draft.ts';
import { encodeLz4Block } from './block.ts';
import * as frame from './frame.ts';

const BLOCK_SIZE = 64 * 1024;

/**
 * The bytes as one LZ4 frame of the kind that Java's client writes: independent blocks of 64 KiB, no checksums but the
 * header's, incompressible blocks stored. Source: `Lz4BlockOutputStream`.
 */
export function writeLz4Frame(input: Uint8Array): Uint8Array {
  const blocks = Math.ceil(input.length / BLOCK_SIZE);
  const output = draft(frame.FRAME_HEADER.length + 4 * blocks + input.length + 4);
  output.set(frame.FRAME_HEADER);
  let write = frame.FRAME_HEADER.length;
  for (let start = 0; start < input.length; start += BLOCK_SIZE) {
    const plain = input.subarray(start, start + BLOCK_SIZE);
    const encoded = encodeLz4Block(plain);
    const gains = encoded.length < plain.length;
    const block = gains ? encoded : plain;
    putInt32(output, write, gains ? block.length : block.length | frame.STORED);
    output.set(block, write + 4);
    write += 4 + block.length;
  }
  putInt32(output, write, frame.END_MARK);
  return finishDraft(output, write + 4);
}

function putInt32(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}
