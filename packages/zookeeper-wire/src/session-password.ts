import { ByteWriter } from '@biquorum/std';

const MASK_48 = (1n << 48n) - 1n;
const MULTIPLIER = 0x5deece66dn;
const SECRET = 0xb3415c00n;
const INTS = 4;

/**
 * The password of a session, which every server computes from its id: a session can then move between servers. Not a
 * secret. Source: Java `ZooKeeperServer.generatePasswd`, `java.util.Random`.
 *
 * @returns 16 bytes
 */
export function sessionPassword(sessionId: bigint): Uint8Array {
  const writer = new ByteWriter();
  let state = (BigInt.asUintN(64, sessionId ^ SECRET) ^ MULTIPLIER) & MASK_48;
  for (let drawn = 0; drawn < INTS; drawn++) {
    state = (state * MULTIPLIER + 0xbn) & MASK_48;
    // Java fills the bytes of each int from its low end.
    const bits = Number((state >> 16n) & 0xffff_ffffn);
    for (let shift = 0; shift < 32; shift += 8) writer.u8((bits >>> shift) & 0xff);
  }
  return writer.finish();
}
