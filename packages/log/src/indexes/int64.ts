const TWO_POW_32 = 0x1_0000_0000;

/** Reads an int64 as a Number, exact within ±2^53. */
export function getInt64(view: DataView, at: number): number {
  return view.getInt32(at) * TWO_POW_32 + view.getUint32(at + 4);
}

/** Writes a safe integer as int64. */
export function setInt64(view: DataView, at: number, value: number): void {
  view.setInt32(at, Math.floor(value / TWO_POW_32));
  view.setUint32(at + 4, value >>> 0);
}
