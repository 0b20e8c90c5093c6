import type { DriverMachine, Entry, Position } from '@biquorum/consensus';
import { ByteReader, BytesError } from '@biquorum/std';
import { type LoggedTxn, loggedTxn, type Zxid } from '@biquorum/zookeeper-wire';
import type { Server } from '../server/server.ts';
import type { SnapshotTarget } from '../storage/restore.ts';
import type { SnapshotSource } from '../storage/snapshot-body.ts';
import type { DataTree } from '../tree/data-tree.ts';
import type { GlobalSessions } from './global-sessions.ts';

/** What a {@link TreeMachine} tells. */
export interface TreeMachineEvents {
  /** A transaction that this server has prepared itself, if so: it need not be read. */
  prepared(zxid: Zxid): LoggedTxn | undefined;
  applied(zxid: Zxid): void;
  /** The whole state is another. */
  restored(): void;
  /** A committed transaction that cannot be read; it changes nothing. */
  unreadable(zxid: Zxid, error: BytesError): void;
}

/** A server's tree and sessions as what committed transactions are applied to. */
export class TreeMachine implements DriverMachine, SnapshotSource, SnapshotTarget {
  readonly #server: Server;
  readonly #sessions: GlobalSessions;
  readonly #events: TreeMachineEvents;

  constructor(server: Server, sessions: GlobalSessions, events: TreeMachineEvents) {
    this.#server = server;
    this.#sessions = sessions;
    this.#events = events;
  }

  get tree(): DataTree {
    return this.#server.tree;
  }

  get lastZxid(): Zxid {
    return this.#server.lastZxid;
  }

  sessions(): Iterable<readonly [sessionId: bigint, timeoutMs: number]> {
    return this.#sessions.entries();
  }

  clearSessions(): void {
    this.#sessions.clear();
  }

  addSession(sessionId: bigint, timeoutMs: number): void {
    this.#sessions.created(sessionId, timeoutMs);
  }

  removeSession(sessionId: bigint): void {
    this.#sessions.closed(sessionId);
  }

  apply({ kind, index, payload }: Entry): void {
    // What stands between two epochs is none of the tree's business.
    if (kind === 'control') return;
    const txn = this.#events.prepared(index) ?? this.#read(index, payload);
    if (txn === undefined) this.#server.restored(index);
    else this.#server.apply(txn);
    this.#events.applied(index);
  }

  /** The storage reads the state itself, in slices. */
  snapshot(): Uint8Array {
    return NOTHING;
  }

  /** The storage has put a snapshot's state in place. */
  restore(_state: Uint8Array, { index }: Position): void {
    this.#server.restored(Math.max(0, index - 1));
    this.#events.restored();
  }

  #read(zxid: Zxid, payload: Uint8Array): LoggedTxn | undefined {
    try {
      return loggedTxn.read(new ByteReader(payload));
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      this.#events.unreadable(zxid, error);
      return undefined;
    }
  }
}

const NOTHING = new Uint8Array(0);
