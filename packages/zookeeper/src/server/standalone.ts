import { Queue } from '@biquorum/std';
import { type ErrorName, type LoggedTxn, OpCode, type Zxid } from '@biquorum/zookeeper-wire';
import type { SnapshotTarget } from '../storage/restore.ts';
import type { SnapshotSource } from '../storage/snapshot-body.ts';
import type { DataTree } from '../tree/data-tree.ts';
import { Preparer, type RequestOrigin } from '../tree/prepare.ts';
import { SessionTracker } from '../tree/session-tracker.ts';
import { CONTAINER_CLEANING, ContainerCleaner, type ContainerCleanerOptions } from './container-cleaner.ts';
import type { Pipeline, Submission } from './pipeline.ts';
import { Server, type ServerOptions } from './server.ts';

/** The clock of a server alone. */
export interface StandaloneClock {
  wallMs(): number;
  monotonicMs(): number;
}

/** What a server alone needs to know. */
export interface StandaloneOptions extends Partial<ServerOptions> {
  readonly clock: StandaloneClock;
  /** 2,000 by default; sessions may last from 2 to 20 of them. */
  readonly tickMs?: number;
  /** `enforceQuota`. */
  readonly enforceQuota?: boolean;
  /** The most bytes of a transaction; see `PrepareOptions`. */
  readonly txnBytesMax?: number;
  /** `znode.container.…`. */
  readonly containers?: ContainerCleanerOptions;
  /**
   * What makes a transaction durable: {@link StandaloneServer.committed} is to be called when that has happened, for
   * each in order. Without it a transaction is committed at once.
   */
  readonly log?: (txn: LoggedTxn) => void;
}

const TICK_MS = 2_000;

/**
 * A server alone. In memory every write is a transaction at once: it is the server of simulations. With a log beneath it,
 * it is ZooKeeper's standalone mode.
 */
export class StandaloneServer implements Pipeline, SnapshotSource, SnapshotTarget {
  readonly server: Server;
  readonly #clock: StandaloneClock;
  readonly #tracker: SessionTracker;
  readonly #preparer: Preparer;
  readonly #cleaner: ContainerCleaner;
  readonly #log: ((txn: LoggedTxn) => void) | null;
  /** Who asked for the transactions that are not committed yet, in their order. */
  readonly #uncommitted: Queue<object | null> = new Queue();
  /** What waits for a transaction to be committed. */
  readonly #syncs: Queue<{ readonly zxid: Zxid; readonly done: () => void }> = new Queue();
  /** The last that was prepared. */
  #zxid: Zxid = 0;

  constructor({ clock, tickMs = TICK_MS, containers = CONTAINER_CLEANING, log, ...options }: StandaloneOptions) {
    this.#log = log ?? null;
    this.#clock = clock;
    this.#tracker = new SessionTracker(tickMs);
    const sessions = {
      created: (sessionId: bigint, timeoutMs: number) => this.#tracker.track(sessionId, timeoutMs, clock.monotonicMs()),
      closed: (sessionId: bigint) => this.#tracker.remove(sessionId),
    };
    const all = { minSessionTimeoutMs: 2 * tickMs, maxSessionTimeoutMs: 20 * tickMs, serverId: 1, clock, ...options };
    this.server = new Server(this, sessions, all, clock.wallMs());
    this.#preparer = new Preparer(this.server.tree, options);
    this.#cleaner = new ContainerCleaner(this.server.tree, containers, clock.monotonicMs(), (path) => {
      const request = { type: OpCode.deleteContainer, path };
      this.submit({ sessionId: 0n, cxid: 0, request, ids: [], owner: null });
    });
  }

  /** When sessions expire. */
  get tracker(): SessionTracker {
    return this.#tracker;
  }

  get tree(): DataTree {
    return this.server.tree;
  }

  get lastZxid(): Zxid {
    return this.server.lastZxid;
  }

  /** Sessions with their timeouts. */
  sessions(): Iterable<readonly [sessionId: bigint, timeoutMs: number]> {
    return this.#tracker.entries();
  }

  clearSessions(): void {
    for (const [sessionId] of this.#tracker.entries()) this.#tracker.remove(sessionId);
  }

  addSession(sessionId: bigint, timeoutMs: number): void {
    this.#tracker.track(sessionId, timeoutMs, this.#clock.monotonicMs());
  }

  removeSession(sessionId: bigint): void {
    this.#tracker.remove(sessionId);
  }

  /** Tree and sessions were filled from files, up to a transaction; the next one follows it. */
  restored(zxid: Zxid): void {
    this.#zxid = zxid;
    this.server.restored(zxid);
  }

  /** Ends sessions whose time is over, and cleans containers up. To be called about once a tick. */
  tick(): void {
    this.#cleaner.tick(this.#clock.monotonicMs(), this.#clock.wallMs());
    for (const sessionId of this.#tracker.expire(this.#clock.monotonicMs())) {
      this.server.stats.metrics.counters.stale_sessions_expired.value++;
      this.submit({ sessionId, cxid: 0, request: { type: OpCode.closeSession }, ids: [], owner: null });
    }
  }

  /** Ends a session now, as if its time were over. */
  expire(sessionId: bigint): void {
    if (!this.#tracker.has(sessionId)) return;
    this.#tracker.markClosing(sessionId);
    this.submit({ sessionId, cxid: 0, request: { type: OpCode.closeSession }, ids: [], owner: null });
  }

  submit({ sessionId, cxid, request, ids, owner }: Submission): void {
    const begins = request.type === OpCode.createSession;
    const fault = owner === null || begins ? undefined : this.#tracker.check(sessionId, owner);
    const origin = { sessionId, cxid, ids };
    const txn = this.#preparer.prepare(request, origin, ++this.#zxid, this.#clock.wallMs(), fault);
    this.#uncommitted.push(owner);
    if (this.#log === null) this.committed(txn);
    else this.#log(txn);
  }

  /** The next transaction is durable: it is applied, and who asked for it is answered. */
  committed(txn: LoggedTxn): void {
    const owner = this.#uncommitted.shift() ?? null;
    this.server.apply(txn);
    const { zxid, clientId } = txn.header;
    this.#preparer.applied(zxid);
    if (txn.body.type === OpCode.createSession && owner !== null) this.#tracker.setOwner(clientId, owner);
    for (let next = this.#syncs.peek(); next !== undefined && next.zxid <= zxid; next = this.#syncs.peek()) {
      this.#syncs.shift();
      next.done();
    }
  }

  sync(_path: string, _asker: RequestOrigin, done: () => void): void {
    if (this.#uncommitted.size === 0) done();
    else this.#syncs.push({ zxid: this.#zxid, done });
  }

  revalidate(sessionId: bigint, owner: object, done: (valid: boolean) => void): void {
    const valid = this.#tracker.touch(sessionId, this.#clock.monotonicMs());
    if (valid) this.#tracker.setOwner(sessionId, owner);
    done(valid);
  }

  touch(sessionId: bigint): void {
    this.#tracker.touch(sessionId, this.#clock.monotonicMs());
  }

  check(sessionId: bigint, owner: object): ErrorName | undefined {
    return this.#tracker.check(sessionId, owner);
  }
}
