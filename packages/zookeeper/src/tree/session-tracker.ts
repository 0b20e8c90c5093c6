/**
 * When sessions expire: in buckets of a tick, so that a touch is cheap and a sweep looks only at what is due. Source:
 * Java `ExpiryQueue` and `SessionTrackerImpl`.
 */
export class SessionTracker {
  readonly #tickMs: number;
  readonly #sessions: Map<bigint, Tracked> = new Map();
  readonly #buckets: Map<number, Set<bigint>> = new Map();

  /** @param tickMs the width of a bucket */
  constructor(tickMs: number) {
    this.#tickMs = tickMs;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Begins to track a session, or gives one that is tracked its timeout. */
  track(sessionId: bigint, timeoutMs: number, nowMs: number): void {
    const known = this.#sessions.get(sessionId);
    if (known === undefined) this.#sessions.set(sessionId, { timeoutMs, bucketMs: -1, closing: false, owner: null });
    else known.timeoutMs = timeoutMs;
    this.touch(sessionId, nowMs);
  }

  /** Something was heard of the session. @returns False when it is unknown or about to end. */
  touch(sessionId: bigint, nowMs: number): boolean {
    const session = this.#sessions.get(sessionId);
    if (session === undefined || session.closing) return false;
    const bucketMs = this.#bucketOf(nowMs + session.timeoutMs);
    // A touch never shortens a session's life.
    if (bucketMs <= session.bucketMs) return true;
    this.#leaveBucket(sessionId, session);
    session.bucketMs = bucketMs;
    const bucket = this.#buckets.get(bucketMs) ?? new Set();
    this.#buckets.set(bucketMs, bucket.add(sessionId));
    return true;
  }

  /** Sessions whose time is over; they are marked as closing, once. */
  expire(nowMs: number): bigint[] {
    const expired: bigint[] = [];
    for (const [bucketMs, sessions] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      if (bucketMs > nowMs) break;
      for (const sessionId of sessions) {
        this.markClosing(sessionId);
        expired.push(sessionId);
      }
      this.#buckets.delete(bucketMs);
    }
    return expired;
  }

  /** From now on requests of the session are refused. */
  markClosing(sessionId: bigint): void {
    const session = this.#sessions.get(sessionId);
    if (session !== undefined) session.closing = true;
  }

  remove(sessionId: bigint): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return;
    this.#leaveBucket(sessionId, session);
    this.#sessions.delete(sessionId);
  }

  has(sessionId: bigint): boolean {
    return this.#sessions.has(sessionId);
  }

  timeoutOf(sessionId: bigint): number | undefined {
    return this.#sessions.get(sessionId)?.timeoutMs;
  }

  /** Says by whom a session is served now: only its requests are taken. */
  setOwner(sessionId: bigint, owner: unknown): void {
    const session = this.#sessions.get(sessionId);
    if (session !== undefined && !session.closing) session.owner = owner;
  }

  /** What is wrong with a request of this session that `owner` has brought. */
  check(sessionId: bigint, owner: unknown): 'SessionExpired' | 'SessionMoved' | undefined {
    const session = this.#sessions.get(sessionId);
    if (session === undefined || session.closing) return 'SessionExpired';
    if (session.owner === null) session.owner = owner;
    return session.owner === owner ? undefined : 'SessionMoved';
  }

  /** Sessions by the time at which they expire, soonest first. */
  buckets(): readonly (readonly [expiresMs: number, sessionIds: ReadonlySet<bigint>])[] {
    return [...this.#buckets].sort(([a], [b]) => a - b);
  }

  /** Sessions with their timeouts. */
  entries(): Iterable<readonly [sessionId: bigint, timeoutMs: number]> {
    return [...this.#sessions].map(([sessionId, { timeoutMs }]) => [sessionId, timeoutMs] as const);
  }

  #leaveBucket(sessionId: bigint, { bucketMs }: Tracked): void {
    const bucket = this.#buckets.get(bucketMs);
    bucket?.delete(sessionId);
    if (bucket?.size === 0) this.#buckets.delete(bucketMs);
  }

  /** Rounded up to the next tick, always at least one away. */
  #bucketOf(timeMs: number): number {
    return (Math.floor(timeMs / this.#tickMs) + 1) * this.#tickMs;
  }
}

interface Tracked {
  timeoutMs: number;
  /** When its bucket is due; −1 while it is in none. */
  bucketMs: number;
  closing: boolean;
  owner: unknown;
}
