import type { ByteReader } from '@biquorum/std';
import type { OpCode } from '@biquorum/zookeeper-wire';

/** A request on its way. */
export interface Pending {
  readonly type: OpCode;
  /** The request's record; empty where it has none. */
  readonly body: Uint8Array;
  /** As the caller gave it, for errors. */
  readonly path: string | null;
  /** Given out when it is sent. */
  xid: number;
  /** The answer has come: its error, and what follows the header. */
  answered(err: number, reader: ByteReader): void;
  /** There will be no answer. */
  failed(error: Error): void;
}
