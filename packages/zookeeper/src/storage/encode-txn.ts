import { ByteWriter } from '@biquorum/std';
import { type LoggedTxn, loggedTxn } from '@biquorum/zookeeper-wire';

const FIRST_BYTES = 4 * 1024;
/** Memory that a large transaction has needed is not kept. */
const KEPT_BYTES = 256 * 1024;
const SLAB_BYTES = 64 * 1024;
/** What is longer gets memory of its own. */
const SLAB_PIECE_BYTES_MAX = SLAB_BYTES / 4;

let writer: ByteWriter = new ByteWriter({ initialBytes: FIRST_BYTES });
let slab: Uint8Array = new Uint8Array(0);
let slabEnd = 0;

/** A transaction as the log holds it, in memory that the next call uses again. */
export function encodeTxn(txn: LoggedTxn): Uint8Array {
  if (writer.position > KEPT_BYTES) writer = new ByteWriter({ initialBytes: FIRST_BYTES });
  else writer.reset();
  loggedTxn.write(writer, txn);
  return writer.finish();
}

/** The same, to be kept: beside others in one piece of memory, for each alone would cost more than all the rest. */
export function keptTxnBytes(txn: LoggedTxn): Uint8Array {
  const bytes = encodeTxn(txn);
  const { length } = bytes;
  if (length > SLAB_PIECE_BYTES_MAX) return bytes.slice();
  if (slabEnd + length > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    slabEnd = 0;
  }
  slab.set(bytes, slabEnd);
  slabEnd += length;
  return slab.subarray(slabEnd - length, slabEnd);
}
