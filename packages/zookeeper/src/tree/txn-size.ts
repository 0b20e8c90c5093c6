import { type Acl, OpCode, type Txn } from '@biquorum/zookeeper-wire';

/** Header and digest of a transaction, and what stands before its record in a multi. */
const AROUND_BYTES = 64;
/** A code unit takes at most so many bytes in UTF-8. */
const BYTES_OF_UNIT_MAX = 3;

/**
 * Whether a transaction takes no more than `bytesMax` when it is written. Counted from above: every text as if it
 * needed three bytes a code unit, so that nothing is written for the sake of its size.
 */
export function fitsInto(bytesMax: number, txn: Txn): boolean {
  return bytesOf(txn) <= bytesMax;
}

function bytesOf({ type, txn }: Txn): number {
  switch (type) {
    case OpCode.multi: {
      let sum = AROUND_BYTES;
      for (const part of txn.txns) sum += bytesOf(part);
      return sum;
    }
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTTL:
      return AROUND_BYTES + textBytes(txn.path) + (txn.data?.length ?? 0) + aclBytes(txn.acl);
    case OpCode.setData:
    case OpCode.reconfig:
      return AROUND_BYTES + textBytes(txn.path) + (txn.data?.length ?? 0);
    case OpCode.setACL:
      return AROUND_BYTES + textBytes(txn.path) + aclBytes(txn.acl);
    case OpCode.delete:
    case OpCode.deleteContainer:
    case OpCode.check:
      return AROUND_BYTES + textBytes(txn.path);
    case OpCode.closeSession: {
      let sum = AROUND_BYTES;
      for (const path of txn.paths ?? []) sum += textBytes(path);
      return sum;
    }
    default:
      return AROUND_BYTES;
  }
}

function aclBytes(acl: readonly Acl[]): number {
  let sum = 4;
  for (const { id } of acl) sum += 4 + textBytes(id.scheme) + textBytes(id.id);
  return sum;
}

function textBytes(text: string): number {
  return 4 + text.length * BYTES_OF_UNIT_MAX;
}
