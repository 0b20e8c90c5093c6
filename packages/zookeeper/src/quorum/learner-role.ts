import type { NodeId, Outcome, Token } from '@biquorum/consensus';
import { assert, ByteReader, Queue } from '@biquorum/std';
import {
  type ErrorName,
  type LoggedTxn,
  PacketType,
  type QuorumPacket,
  revalidateReply,
  revalidateRequest,
  type TouchedSession,
  toBytes,
  touchedSessions,
  type Zxid,
} from '@biquorum/zookeeper-wire';
import { ClientConnection } from '../server/client-connection.ts';
import type { Submission } from '../server/pipeline.ts';
import type { RequestOrigin } from '../tree/prepare.ts';
import { toRequestPacket, toSyncPacket } from './forwarding.ts';
import type { Role, RoleSurroundings } from './role.ts';

/**
 * A follower's or an observer's part: reads are served here, writes go to the leader and come back as transactions; the
 * leader decides about sessions and is told which ones are alive. Source: Java `Learner`, `FollowerRequestProcessor`.
 */
export class LearnerRole implements Role {
  readonly name: 'follower' | 'observer';
  readonly #leader: NodeId;
  readonly #with: RoleSurroundings;
  /** Sessions heard of since the leader last asked, with their timeouts. */
  #touched: Map<bigint, number> = new Map();
  /** Clients that have come back with a session, and wait for the leader's word. */
  readonly #revalidations: Map<bigint, (valid: boolean) => void> = new Map();
  /** Who waits for a SYNC, in the order in which the leader was asked. */
  readonly #syncs: Queue<() => void> = new Queue();

  constructor(name: 'follower' | 'observer', leader: NodeId, surroundings: RoleSurroundings) {
    this.name = name;
    this.#leader = leader;
    this.#with = surroundings;
  }

  submit(submission: Submission): void {
    if (!this.#with.send(this.#leader, toRequestPacket(submission))) this.#drop(submission.owner);
  }

  sync(path: string, asker: RequestOrigin, done: () => void): void {
    if (this.#with.send(this.#leader, toSyncPacket(path, asker))) {
      this.#syncs.push(done);
      return;
    }
    for (const connection of this.#with.server.connections)
      if (connection.sessionId === asker.sessionId) this.#drop(connection);
  }

  revalidate(sessionId: bigint, owner: object, done: (valid: boolean) => void): void {
    const timeoutMs =
      owner instanceof ClientConnection ? owner.timeoutMs : (this.#with.sessions.timeoutOf(sessionId) ?? 0);
    const data = toBytes(revalidateRequest, { sessionId, timeoutMs });
    this.#revalidations.set(sessionId, done);
    const sent = this.#with.send(this.#leader, { type: PacketType.REVALIDATE, zxid: -1, data, authinfo: null });
    if (!sent) this.#drop(owner);
  }

  touch(sessionId: bigint): void {
    const timeoutMs = this.#with.sessions.timeoutOf(sessionId);
    if (timeoutMs !== undefined) this.#touched.set(sessionId, timeoutMs);
  }

  check(sessionId: bigint): ErrorName | undefined {
    return this.#with.sessions.has(sessionId) ? undefined : 'SessionExpired';
  }

  /** What the next answer to the leader's PING tells; each session once. */
  takeTouched(): Uint8Array {
    const sessions = [...this.#touched].map(([sessionId, timeoutMs]) => ({ sessionId, timeoutMs }));
    this.#touched = new Map();
    return toBytes(touchedSessions, sessions);
  }

  received(from: NodeId, { type, data }: QuorumPacket): void {
    if (from !== this.#leader) return;
    if (type === PacketType.SYNC) {
      this.#syncs.shift()?.();
      return;
    }
    if (type !== PacketType.REVALIDATE) return;
    const { sessionId, valid } = revalidateReply.read(new ByteReader(data ?? NO_BYTES));
    const done = this.#revalidations.get(sessionId);
    this.#revalidations.delete(sessionId);
    if (valid) this.touch(sessionId);
    done?.(valid);
  }

  touched(_sessions: readonly TouchedSession[]): void {
    assert(false, 'only a leader is told of touched sessions');
  }

  settled(_token: Token, _outcome: Outcome): void {}

  prepared(_zxid: Zxid): LoggedTxn | undefined {
    return undefined;
  }

  applied(_zxid: Zxid): void {}

  sessionCreated(_sessionId: bigint, _timeoutMs: number): void {}

  sessionClosed(sessionId: bigint): void {
    this.#touched.delete(sessionId);
  }

  tick(): void {}

  /** The leader cannot be told: the client must find another way. */
  #drop(owner: object | null): void {
    if (owner instanceof ClientConnection) this.#with.server.drop(owner);
  }
}

const NO_BYTES = new Uint8Array(0);
