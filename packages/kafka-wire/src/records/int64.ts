// 64-bit integers as Numbers: two 32-bit halves, exact within ±2^53 (BigInt costs fifty times as much).

const TWO_POW_32 = 0x1_0000_0000;
const HIGH_LIMIT = 0x20_0000;

/** Reads an int64; exact only if `isSafeInt64` holds for it. */
export function getInt64(view: DataView, at: number): number {
  return view.getInt32(at) * TWO_POW_32 + view.getUint32(at + 4);
}

/** Writes a safe integer as int64. */
export function setInt64(view: DataView, at: number, value: number): void {
  view.setInt32(at, Math.floor(value / TWO_POW_32));
  view.setUint32(at + 4, value >>> 0);
}

/** Whether the int64 at `at` lies in [−2^53, 2^53), where Numbers are exact. */
export function isSafeInt64(view: DataView, at: number): boolean {
  const high = view.getInt32(at);
  return high < HIGH_LIMIT && high >= -HIGH_LIMIT;
}
