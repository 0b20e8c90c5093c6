/**
 * Whether the elements `bytes[at, end)` of a raw Snappy block are whole, refer back to what was written before, and make
 * exactly `length` bytes. The library leaves zeros where a block makes fewer bytes than its preamble states, and reads on
 * where an element is cut off; such a block is corrupt.
 *
 * Source: "Snappy compressed format description", 2011-10-05.
 */
export function isSoundSnappyBlock(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  let read = at;
  let written = 0;
  while (read < end) {
    const tag = bytes[read++] as number;
    if ((tag & 3) === 0) {
      const extra = Math.max((tag >>> 2) - 59, 0);
      if (extra > end - read) return false;
      const size = (extra === 0 ? tag >>> 2 : littleEndian(bytes, read, extra)) + 1;
      read += extra + size;
      written += size;
    } else {
      const size = (tag & 3) === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
      const offsetBytes = (tag & 3) === 3 ? 4 : tag & 3;
      if (offsetBytes > end - read) return false;
      const low = littleEndian(bytes, read, offsetBytes);
      const offset = offsetBytes === 1 ? ((tag >>> 5) << 8) + low : low;
      if (offset === 0 || offset > written) return false;
      read += offsetBytes;
      written += size;
    }
  }
  return read === end && written === length;
}

function littleEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] as number);
  return value;
}
