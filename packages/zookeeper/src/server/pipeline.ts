import type { ErrorName, Id, LoggedTxn } from '@biquorum/zookeeper-wire';
import type { RequestOrigin, WriteRequest } from '../tree/prepare.ts';

/** A write on its way to become a transaction. */
export interface Submission {
  readonly sessionId: bigint;
  readonly cxid: number;
  readonly request: WriteRequest;
  /** The request as the client wrote it, where a client did. */
  readonly body?: Uint8Array;
  readonly ids: readonly Id[];
  /** Who brings it: only who serves a session may. Null for what the server asks for by itself. */
  readonly owner: object | null;
}

/**
 * What puts writes in order beneath a server: a server alone, or an ensemble. It prepares them (or has a leader do so),
 * makes them durable, and gives them to the server's `apply`, in order.
 */
export interface Pipeline {
  submit(submission: Submission): void;
  /** Calls back when all that the leader had accepted by now has been applied here. */
  sync(path: string, asker: RequestOrigin, done: () => void): void;
  /** Is the session known, and may it be served by `owner` from now on? */
  revalidate(sessionId: bigint, owner: object, done: (valid: boolean) => void): void;
  /** Something was heard of a session. */
  touch(sessionId: bigint): void;
  /** What is wrong with a session for whoever reads in it. */
  check(sessionId: bigint, owner: object): ErrorName | undefined;
}

/** What a pipeline gives transactions to. */
export type Apply = (txn: LoggedTxn) => void;
