import type { NodeId, Outcome, Position, Token } from '@biquorum/consensus';
import { ByteReader, BytesError, Queue } from '@biquorum/std';
import {
  type ErrorName,
  forwardedRequest,
  type LoggedTxn,
  OpCode,
  PacketType,
  type QuorumPacket,
  revalidateReply,
  revalidateRequest,
  type TouchedSession,
  toBytes,
  type Zxid,
} from '@biquorum/zookeeper-wire';
import { ClientConnection } from '../server/client-connection.ts';
import { ContainerCleaner, type ContainerCleanerOptions } from '../server/container-cleaner.ts';
import type { Submission } from '../server/pipeline.ts';
import { SizeStats } from '../server/server-stats.ts';
import { keptTxnBytes } from '../storage/encode-txn.ts';
import { type PrepareOptions, Preparer, type RequestOrigin, type WriteRequest } from '../tree/prepare.ts';
import { SessionTracker } from '../tree/session-tracker.ts';
import { readForwardedWrite, txnBytesMax } from './forwarding.ts';
import { packet } from './packets.ts';
import type { Role, RoleSurroundings } from './role.ts';

/** What a leader needs to know. */
export interface LeaderRoleOptions {
  readonly tickMs: number;
  readonly prepare: PrepareOptions;
  readonly containers: ContainerCleanerOptions;
  /** Bytes of transactions under way; more requests wait. By default 32 MiB. */
  readonly openBytesMax?: number;
}

const OPEN_BYTES_MAX = 32 * 1024 * 1024;

/**
 * A leader's part: requests of all servers become transactions here, each checked against what all before it will have
 * made, and sessions expire here alone. Source: Java `PrepRequestProcessor`, `LearnerHandler`, `SessionTrackerImpl`.
 */
export class LeaderRole implements Role {
  readonly name = 'leader';
  /** Sizes of transactions. */
  readonly proposalBytes: SizeStats = new SizeStats();
  /** When it began to lead, on the monotonic clock. */
  readonly sinceMs: number;
  readonly #with: RoleSurroundings;
  readonly #options: LeaderRoleOptions;
  readonly #tracker: SessionTracker;
  readonly #preparer: Preparer;
  readonly #cleaner: ContainerCleaner;
  /** Learners as owners of sessions: one for each of them. */
  readonly #learners: Map<NodeId, object> = new Map();
  /** What was prepared and is not applied, so that it need not be read again. */
  readonly #prepared: Map<Zxid, LoggedTxn> = new Map();
  readonly #open: Map<Token, { readonly asked: Submission; readonly bytes: number }> = new Map();
  #openBytes = 0;
  readonly #waiting: Queue<Submission> = new Queue();

  constructor(surroundings: RoleSurroundings, options: LeaderRoleOptions) {
    const { server, sessions, clock } = surroundings;
    this.#with = surroundings;
    this.#options = options;
    this.sinceMs = clock.monotonicMs();
    this.#tracker = new SessionTracker(options.tickMs);
    this.#preparer = new Preparer(server.tree, options.prepare);
    // Whoever led before has not told how much time was left: all have the whole of it.
    for (const [sessionId, timeoutMs] of sessions.entries())
      this.#tracker.track(sessionId, timeoutMs, clock.monotonicMs());
    this.#cleaner = new ContainerCleaner(server.tree, options.containers, clock.monotonicMs(), (path) => {
      this.submit({ sessionId: 0n, cxid: 0, request: { type: OpCode.deleteContainer, path }, ids: [], owner: null });
    });
    // Ephemerals whose session is not known must not live for ever. Java takes them away without a transaction.
    for (const sessionId of server.tree.ephemeralOwners()) if (!sessions.has(sessionId)) this.#close(sessionId);
  }

  /** Sessions and when they expire. */
  get sessions(): SessionTracker {
    return this.#tracker;
  }

  submit(submission: Submission): void {
    this.#ask(submission);
  }

  /** As Java's leader: behind the session's own writes, which the server sees to. */
  sync(_path: string, _asker: RequestOrigin, done: () => void): void {
    done();
  }

  revalidate(sessionId: bigint, owner: object, done: (valid: boolean) => void): void {
    const valid = this.#tracker.touch(sessionId, this.#with.clock.monotonicMs());
    if (valid) this.#tracker.setOwner(sessionId, owner);
    done(valid);
  }

  touch(sessionId: bigint): void {
    this.#tracker.touch(sessionId, this.#with.clock.monotonicMs());
  }

  check(sessionId: bigint, owner: object): ErrorName | undefined {
    return this.#tracker.check(sessionId, owner);
  }

  received(from: NodeId, received: QuorumPacket): void {
    if (received.type === PacketType.REQUEST) this.#forwarded(from, received);
    else if (received.type === PacketType.REVALIDATE) {
      this.#with.server.stats.metrics.counters.revalidate_count.value++;
      const { sessionId } = revalidateRequest.read(new ByteReader(received.data ?? NO_BYTES));
      this.revalidate(sessionId, this.#learner(from), (valid) => {
        this.#with.send(from, { ...received, data: toBytes(revalidateReply, { sessionId, valid }) });
      });
    }
  }

  touched(sessions: readonly TouchedSession[]): void {
    for (const { sessionId } of sessions) this.touch(sessionId);
  }

  settled(token: Token, outcome: Outcome): void {
    const open = this.#open.get(token);
    if (open === undefined) return;
    this.#open.delete(token);
    this.#openBytes -= open.bytes;
    // What was not taken, or may be lost: its client must ask who knows.
    if (outcome.kind !== 'committed') this.#drop(open.asked);
    this.#askWaiting();
  }

  prepared(zxid: Zxid): LoggedTxn | undefined {
    return this.#prepared.get(zxid);
  }

  applied(zxid: Zxid): void {
    this.#prepared.delete(zxid);
    this.#with.server.stats.metrics.counters.commit_count.value++;
    this.#preparer.applied(zxid);
  }

  sessionCreated(sessionId: bigint, timeoutMs: number): void {
    if (!this.#tracker.has(sessionId)) this.#tracker.track(sessionId, timeoutMs, this.#with.clock.monotonicMs());
  }

  sessionClosed(sessionId: bigint): void {
    this.#tracker.remove(sessionId);
  }

  tick(): void {
    const { server, clock } = this.#with;
    this.#cleaner.tick(clock.monotonicMs(), clock.wallMs());
    for (const sessionId of this.#tracker.expire(clock.monotonicMs())) {
      server.stats.metrics.counters.stale_sessions_expired.value++;
      this.#close(sessionId);
    }
    this.#askWaiting();
  }

  #close(sessionId: bigint): void {
    this.submit({ sessionId, cxid: 0, request: { type: OpCode.closeSession }, ids: [], owner: null });
  }

  /** A learner's client asks. */
  #forwarded(from: NodeId, { data, authinfo }: QuorumPacket): void {
    const forwarded = forwardedRequest.read(new ByteReader(data ?? NO_BYTES));
    const { sessionId, cxid, type } = forwarded;
    if (type === OpCode.sync) {
      this.#with.send(from, packet(PacketType.SYNC, 0), true);
      return;
    }
    const asked = { sessionId, cxid, ids: authinfo ?? [], owner: this.#learner(from) };
    try {
      const request = readForwardedWrite(forwarded);
      if (request !== undefined) this.#ask({ ...asked, request });
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      // Java's followers pass on what they have not read.
      this.#ask({ ...asked, request: UNREADABLE });
    }
  }

  #learner(id: NodeId): object {
    const known = this.#learners.get(id);
    if (known !== undefined) return known;
    const learner = { id };
    this.#learners.set(id, learner);
    return learner;
  }

  #ask(asked: Submission): void {
    this.#waiting.push(asked);
    this.#askWaiting();
  }

  /** Clients are held back by the bound on outstanding requests of their servers, so what waits here is bounded, too. */
  #askWaiting(): void {
    const { openBytesMax = OPEN_BYTES_MAX } = this.#options;
    while (this.#openBytes < openBytesMax && this.#with.hasRoom()) {
      const asked = this.#waiting.shift();
      if (asked === undefined) return;
      const bytes = txnBytesMax(asked.request, asked.ids);
      this.#openBytes += bytes;
      const token = this.#with.propose({ span: 1, bytesMax: bytes, build: (at) => this.#build(asked, at) });
      this.#open.set(token, { asked, bytes });
    }
  }

  #build({ sessionId, cxid, request, ids, owner }: Submission, at: Position): Uint8Array {
    const { clock, server } = this.#with;
    const begins = request.type === OpCode.createSession;
    const refused = owner === null || begins ? undefined : this.#tracker.check(sessionId, owner);
    const txn = this.#preparer.prepare(request, { sessionId, cxid, ids }, at.index, clock.wallMs(), refused);
    this.#prepared.set(at.index, txn);
    if (begins) {
      this.#tracker.track(sessionId, request.timeoutMs, clock.monotonicMs());
      if (owner !== null) this.#tracker.setOwner(sessionId, owner);
    } else if (txn.body.type === OpCode.closeSession) this.#tracker.markClosing(sessionId);
    const bytes = keptTxnBytes(txn);
    this.proposalBytes.add(bytes.length);
    server.stats.metrics.counters.proposal_count.value++;
    return bytes;
  }

  #drop({ owner }: Submission): void {
    if (owner instanceof ClientConnection) this.#with.server.drop(owner);
  }
}

/** Stands for a request that could not be read: it fails in its turn. */
const UNREADABLE: WriteRequest = { type: OpCode.multi, ops: null };
const NO_BYTES = new Uint8Array(0);
