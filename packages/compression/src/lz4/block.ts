import { compressSync, uncompressSync } from 'lz4-napi';

/** How far an LZ4 block can refer back. */
export const HISTORY_BYTES_MAX: number = 64 * 1024 - 1;

// The library puts the decoded size in front of a block, in four bytes, the lowest first. When it decodes, that number is
// how much it may write at most: so a block of a frame, which has none, is given the limit instead.
const SIZE_BYTES = 4;
/** The library declares Node's buffers here, and takes any bytes. */
type Bytes = Exclude<Parameters<typeof compressSync>[0], string>;

/** One block, without a size in front. */
export function encodeLz4Block(plain: Uint8Array): Uint8Array {
  return compressSync(plain as Bytes).subarray(SIZE_BYTES);
}

/**
 * Decodes one block into `limit` bytes at most.
 *
 * @param history what was decoded before it, as far back as it can refer; empty where blocks are independent.
 * @returns the bytes; `overflow` when there are more of them, `corrupt` when it is no block.
 */
export function decodeLz4Block(
  block: Uint8Array,
  limit: number,
  history: Uint8Array,
): Uint8Array | 'corrupt' | 'overflow' {
  const sized = new Uint8Array(SIZE_BYTES + block.length);
  new DataView(sized.buffer).setUint32(0, limit, true);
  sized.set(block, SIZE_BYTES);
  try {
    return uncompressSync(sized, history.length === 0 ? undefined : history);
  } catch (error) {
    return String(error).includes('output is too small') ? 'overflow' : 'corrupt';
  }
}
