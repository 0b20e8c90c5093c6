import type { Effect, Entry, NodeId, Reference, Write, WriteId } from '@biquorum/consensus';
import { assert, Queue } from '@biquorum/std';
import type { Epochs, LearnerMessage, Notification, ZabMessage } from './messages.ts';

/** Votes of elections. */
export const ELECTION = 'election';
/** Everything between a leader and its learners. */
export const LEARNER = 'learner';
/** Not a channel of links: what learners' answers to PING carry reaches the leader's application under this name. */
export const PING = 'ping';

export type ZabEffect = Effect<ZabMessage, Epochs>;

/** Gathers the effects of a step, numbers writes, and knows how far the log is on the disk. */
export class Outbox {
  #effects: ZabEffect[] = [];
  #nextWrite = 1;
  #written = 0;
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

  /** The last write that is on the disk. */
  get written(): WriteId {
    return this.#written;
  }

  /** The effects so far; the next step starts empty. */
  take(): readonly ZabEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  effect(effect: ZabEffect): void {
    this.#effects.push(effect);
  }

  /** @param end Where the log ends after it. */
  write(parts: Omit<Write<Epochs>, 'id'>, end: number): WriteId {
    const id = this.#nextWrite++;
    if (parts.truncateTo !== undefined) this.#clamp(parts.truncateTo);
    if (parts.append !== undefined && parts.append.length > 0) this.#appends.push({ write: id, end });
    this.effect({ kind: 'write', write: { id, ...parts } });
    return id;
  }

  append(entries: readonly Entry[], end: number): WriteId {
    return this.write({ append: entries }, end);
  }

  /** The log was replaced by a snapshot that is on the disk. */
  installed(end: number): void {
    this.#appends.clear();
    this.#durableEnd = end;
  }

  /** @throws AssertionError when writes finish out of order. */
  finished(write: WriteId): void {
    assert(write > this.#written && write < this.#nextWrite, () => `write ${write} finished after ${this.#written}`);
    this.#written = write;
    for (let head = this.#appends.peek(); head !== undefined && head.write <= write; head = this.#appends.peek()) {
      this.#durableEnd = head.end;
      this.#appends.shift();
    }
  }

  notify(to: NodeId, message: Notification): void {
    this.effect({ kind: 'send', channel: ELECTION, to, message, request: 0, after: 0, fill: null });
  }

  send(to: NodeId, message: LearnerMessage, after: WriteId = 0, fill: Reference | null = null): void {
    const barrier = after > this.#written ? after : 0;
    this.effect({ kind: 'send', channel: LEARNER, to, message, request: 0, after: barrier, fill });
  }

  hangUp(peer: NodeId): void {
    this.effect({ kind: 'hangUp', channel: LEARNER, peer });
  }

  /** What writes under way appended beyond `end` is about to be cut off again. */
  #clamp(end: number): void {
    this.#durableEnd = Math.min(this.#durableEnd, end);
    for (const append of this.#appends) append.end = Math.min(append.end, end);
  }
}
