/** How many bytes the unsigned 32-bit number takes as a varint: 1 to 5. */
export function sizeOfUvarint(value: number): number {
  return sizeOfGroups(0, value);
}

/** How many bytes the signed 32-bit number takes as a zig-zag varint: 1 to 5. */
export function sizeOfVarint(value: number): number {
  return sizeOfGroups(0, (value << 1) ^ (value >> 31));
}

/** How many bytes the safe integer takes as a zig-zag varlong: 1 to 8. */
export function sizeOfVarlong(value: number): number {
  const high = Math.floor(value / 0x1_0000_0000);
  const sign = high >> 31;
  return sizeOfGroups(((high << 1) | ((value | 0) >>> 31)) ^ sign, (value << 1) ^ sign);
}

/** How many groups of seven bits the 64-bit number has, at least one. */
export function sizeOfGroups(high: number, low: number): number {
  // Rounded up: (bits + 6) / 7, with bits = 64 − clz32(high) or 32 − clz32(low).
  return high === 0 ? ((38 - Math.clz32(low | 1)) / 7) | 0 : ((70 - Math.clz32(high)) / 7) | 0;
}
