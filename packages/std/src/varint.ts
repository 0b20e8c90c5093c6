/** How many bytes the unsigned 32-bit number takes as a varint: 1 to 5. */
export function sizeOfUvarint(value: number): number {
  // 7 bits a byte; `| 1` because 0 takes a byte too.
  return ((38 - Math.clz32(value | 1)) / 7) | 0;
}

/** How many bytes the signed 32-bit number takes as a zig-zag varint: 1 to 5. */
export function sizeOfVarint(value: number): number {
  return sizeOfUvarint((value << 1) ^ (value >> 31));
}

/** How many bytes the safe integer takes as a zig-zag varlong: 1 to 8. */
export function sizeOfVarlong(value: number): number {
  // Zig-zag maps v ≥ 0 to 2v and v < 0 to −2v − 1; doubled, v may leave the safe integers, but stays exact as a double.
  const magnitude = value < 0 ? -(value + 1) : value;
  if (magnitude < 0x4000_0000) return sizeOfUvarint(magnitude * 2 + 1);
  let size = 5;
  for (let limit = 0x4_0000_0000; magnitude >= limit; limit *= 128) size++;
  return size;
}
