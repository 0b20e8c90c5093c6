import type { Effect, Entry, NodeId, Position, Reference, RequestId, Token, WriteId } from '@biquorum/consensus';
import { assert, Queue } from '@biquorum/std';
import type { QuorumRecord, RaftMessage, ReplyMessage, RequestMessage } from './messages.ts';

/** The one channel of Raft. */
export const CHANNEL = 'raft';

export type RaftEffect = Effect<RaftMessage, QuorumRecord>;

/**
 * Gathers the effects of a step, numbers writes and requests, and holds one rule: nothing leaves the node before the
 * quorum state that it speaks from is on the disk.
 */
export class Outbox {
  #effects: RaftEffect[] = [];
  #nextWrite = 1;
  #nextRequest = 1;
  #written = 0;
  /** The last write that carried quorum state. */
  #stateWrite = 0;
  /** Writes under way that appended, with the log end that each leads to. */
  readonly #appends: Queue<{ readonly write: WriteId; end: number }> = new Queue();
  #durableEnd: number;

  constructor(durableEnd: number) {
    this.#durableEnd = durableEnd;
  }

  /** The end of what is known to be on the disk of the log as it is now. */
  get durableEnd(): number {
    return this.#durableEnd;
  }

  /** The effects so far; the next step starts empty. */
  take(): readonly RaftEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  effect(effect: RaftEffect): void {
    this.#effects.push(effect);
  }

  writeState(durable: QuorumRecord): void {
    this.#stateWrite = this.#nextWrite;
    this.effect({ kind: 'write', write: { id: this.#nextWrite++, durable } });
  }

  append(entries: readonly Entry[], end: number): void {
    this.#appends.push({ write: this.#nextWrite, end });
    this.effect({ kind: 'write', write: { id: this.#nextWrite++, append: entries } });
  }

  truncate(end: number): void {
    this.#clamp(end);
    this.effect({ kind: 'write', write: { id: this.#nextWrite++, truncateTo: end } });
  }

  deletePrefix(start: Position): void {
    this.effect({ kind: 'write', write: { id: this.#nextWrite++, deletePrefix: start } });
  }

  /** The log was replaced by a snapshot that is on the disk. */
  installed(end: number): void {
    this.#appends.clear();
    this.#durableEnd = end;
  }

  /** @throws AssertionError when writes finish out of order. */
  written(write: WriteId): void {
    assert(write > this.#written && write < this.#nextWrite, () => `write ${write} finished after ${this.#written}`);
    this.#written = write;
    for (let head = this.#appends.peek(); head !== undefined && head.write <= write; head = this.#appends.peek()) {
      this.#durableEnd = head.end;
      this.#appends.shift();
    }
  }

  /** Sends a request that says nothing about the log's durability. */
  request(to: NodeId, message: RequestMessage): RequestId {
    return this.#send(to, message, this.#stateWrite);
  }

  /** Sends a request that vouches for the whole log: it waits for all writes under way. */
  requestAfterLog(to: NodeId, message: RequestMessage): RequestId {
    return this.#send(to, message, this.#nextWrite - 1);
  }

  answer(token: Token, message: ReplyMessage, fill: Reference | null = null): void {
    this.effect({ kind: 'answer', token, message, after: this.#barrier(this.#stateWrite), fill });
  }

  #send(to: NodeId, message: RequestMessage, after: WriteId): RequestId {
    const request = this.#nextRequest++;
    this.effect({ kind: 'send', channel: CHANNEL, to, message, request, after: this.#barrier(after), fill: null });
    return request;
  }

  #barrier(write: WriteId): WriteId {
    return write > this.#written ? write : 0;
  }

  /** What writes under way appended beyond `end` is about to be cut off again. */
  #clamp(end: number): void {
    this.#durableEnd = Math.min(this.#durableEnd, end);
    for (const append of this.#appends) append.end = Math.min(append.end, end);
  }
}
