const MASK = 0xffff_ffff_ffff_ffffn;

/**
 * SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014): spreads a seed of which
 * few bits differ over 64 bits that look random. Another generator's state is made of it.
 *
 * @returns The output number `nth`, from 1, of the generator started at `seed`.
 */
export function splitMix64(seed: bigint, nth: bigint): bigint {
  let z = (seed + nth * 0x9e37_79b9_7f4a_7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK;
  return z ^ (z >> 31n);
}
