/** A transaction id: the epoch of the leader that made it times 2^32, plus a counter. */
export type Zxid = number;

const TWO_32 = 0x1_0000_0000;

/** Where an epoch's counter ends: its leader steps down then. */
export const COUNTER_MAX = 0xffff_ffff;

/** The largest epoch whose zxids are safe integers. */
export const EPOCH_MAX = 0x1f_ffff;

/**
 * The zxid of an epoch's transaction.
 *
 * @param counter 0 to {@link COUNTER_MAX}
 */
export function zxidOf(epoch: number, counter: number): Zxid {
  return epoch * TWO_32 + counter;
}

/** The leader's epoch; −1 for the zxid −1 of packets that carry none. */
export function epochOf(zxid: Zxid): number {
  return Math.floor(zxid / TWO_32);
}

/** How manieth of its epoch; 0 for the epoch's NEWLEADER. */
export function counterOf(zxid: Zxid): number {
  return zxid - Math.floor(zxid / TWO_32) * TWO_32;
}

/** As ZooKeeper prints it: hexadecimal with 0x before it. */
export function formatZxid(zxid: Zxid): string {
  return `0x${BigInt.asUintN(64, BigInt(zxid)).toString(16)}`;
}
