/**
 * The greatest int64, as a number. Java uses it for "for ever" and "no limit", so it must survive a round trip; no
 * other number beyond 2^53 − 1 but it and −2^63 can be read or written.
 */
export const INT64_MAX: number = 2 ** 63;

/** The least int64, as a number. */
export const INT64_MIN: number = -(2 ** 63);

export const TWO_32 = 0x1_0000_0000;

/** The upper halves of safe integers lie from −2^21 to 2^21 − 1. */
export const SAFE_HIGH = 0x20_0000;

/** The number for an int64 in halves, `low` unsigned; undefined when there is none. */
export function int64FromHalves(high: number, low: number): number | undefined {
  const value = high * TWO_32 + low;
  if (Number.isSafeInteger(value)) return value;
  if (high === 0x7fff_ffff && low === 0xffff_ffff) return INT64_MAX;
  if (high === -0x8000_0000 && low === 0) return INT64_MIN;
  return undefined;
}

/** The int64 that a number stands for, as a bigint; undefined when there is none. */
export function bigInt64(value: number): bigint | undefined {
  if (Number.isSafeInteger(value)) return BigInt(value);
  if (value === INT64_MAX) return 0x7fff_ffff_ffff_ffffn;
  if (value === INT64_MIN) return -0x8000_0000_0000_0000n;
  return undefined;
}
