import type { ErrorName } from '../errors.ts';

interface Fault<Kind extends string, Name extends ErrorName> {
  readonly kind: Kind;
  /** Name of the protocol error that answers a producer who sent this. */
  readonly error: Name;
  /** Where the batch starts, in the bytes that were looked at. */
  readonly position: number;
}

/** What is wrong with a batch: a value, because a peer or a disk is to blame and not this program. */
export type BatchFault =
  | (Fault<'truncated', 'CORRUPT_MESSAGE'> & {
      /** Bytes that the batch needs, as far as they tell. */
      readonly neededBytes: number;
      /** Bytes that are there. */
      readonly availableBytes: number;
    })
  | (Fault<'invalid-length', 'CORRUPT_MESSAGE'> & {
      /** The length field. */
      readonly batchLength: number;
      /** The smallest value that it may have. */
      readonly minimum: number;
    })
  | (Fault<'unsupported-magic', 'UNSUPPORTED_FOR_MESSAGE_FORMAT'> & { readonly magic: number })
  | (Fault<'unknown-magic', 'CORRUPT_MESSAGE'> & { readonly magic: number })
  | (Fault<'crc-mismatch', 'CORRUPT_MESSAGE'> & { readonly stated: number; readonly computed: number })
  | (Fault<'unsafe-integer', 'INVALID_RECORD'> & {
      readonly field: 'baseOffset' | 'baseTimestamp' | 'maxTimestamp' | 'producerId';
    })
  | (Fault<'invalid-count', 'INVALID_RECORD'> & { readonly recordCount: number; readonly lastOffsetDelta: number })
  | (Fault<'unknown-compression', 'INVALID_RECORD'> & { readonly compressionId: number })
  | (Fault<'invalid-sequence', 'INVALID_RECORD'> & { readonly producerId: number; readonly baseSequence: number })
  | (Fault<'nonzero-base-offset', 'INVALID_RECORD'> & { readonly baseOffset: number })
  | Fault<'control-from-client', 'INVALID_RECORD'>;

/** A sentence for the log: what is wrong, where, and what to do about it. */
export function describeBatchFault(fault: BatchFault): string {
  return `record batch at byte ${fault.position}: ${reasonOf(fault)}`;
}

function reasonOf(fault: BatchFault): string {
  switch (fault.kind) {
    case 'truncated':
      return `needs ${fault.neededBytes} bytes, ${fault.availableBytes} are there; read or send the rest`;
    case 'invalid-length':
      return `states ${fault.batchLength} bytes after its length field, at least ${fault.minimum} are needed`;
    case 'unsupported-magic':
      return `has the old format of magic ${fault.magic}; let the client produce with Produce version 3 or newer, or convert the log with a release that reads both`;
    case 'unknown-magic':
      return `has magic ${fault.magic}, which no release writes`;
    case 'crc-mismatch':
      return `states CRC-32C ${hex(fault.stated)}, its bytes have ${hex(fault.computed)}`;
    case 'unsafe-integer':
      return `has a ${fault.field} outside of ±2^53; timestamps are milliseconds`;
    case 'invalid-count':
      return `states ${fault.recordCount} records and a last offset delta of ${fault.lastOffsetDelta}`;
    case 'unknown-compression':
      return `names compression codec ${fault.compressionId}; 0 to 4 exist`;
    case 'invalid-sequence':
      return `has producer id ${fault.producerId} but base sequence ${fault.baseSequence}`;
    case 'nonzero-base-offset':
      return `has base offset ${fault.baseOffset}; producers send 0`;
    case 'control-from-client':
      return 'is a control batch; only brokers and controllers write those';
  }
}

function hex(crc: number): string {
  return `0x${crc.toString(16).padStart(8, '0')}`;
}
