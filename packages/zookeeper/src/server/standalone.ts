import type { ErrorName } from '@biquorum/zookeeper-wire';
import { OpCode, type Zxid } from '@biquorum/zookeeper-wire';
import { Preparer } from '../tree/prepare.ts';
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
}

const TICK_MS = 2_000;

/**
 * A server alone, in memory: every write is a transaction at once. It is the server of simulations; with a log beneath
 * it, it is ZooKeeper's standalone mode.
 */
export class StandaloneServer implements Pipeline {
  readonly server: Server;
  readonly #clock: StandaloneClock;
  readonly #tracker: SessionTracker;
  readonly #preparer: Preparer;
  readonly #cleaner: ContainerCleaner;
  #zxid: Zxid = 0;

  constructor({ clock, tickMs = TICK_MS, containers = CONTAINER_CLEANING, ...options }: StandaloneOptions) {
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
  get sessions(): SessionTracker {
    return this.#tracker;
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
    this.server.apply(txn);
    this.#preparer.applied(txn.header.zxid);
    if (begins && owner !== null) this.#tracker.setOwner(sessionId, owner);
  }

  sync(_path: string, done: () => void): void {
    done();
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
