import { Queue } from '@biquorum/std';
import type { Effect, Filling, Reference, WriteId } from './contract.ts';

/** A message of a lane: a send of the engine. */
export type LaneSend<Message> = Pick<Extract<Effect<Message, never>, { kind: 'send' }>, 'message' | 'after' | 'fill'>;

/** Data, and what it was that was looked for. */
export interface Found {
  readonly filling: Filling;
  readonly reference: Reference;
}

/** What a lane needs of the driver. */
export interface LanePorts<Send> {
  /** @param found What the send's reference, or a piece of it, turned into; null when it has none. */
  emit(send: Send, found: Found | null): void;
  /** Finds data once there is room for it on the link; may answer at once. */
  fill(reference: Reference, done: (filling: Filling) => void): void;
  /** Data that was referred to is gone: the order cannot be kept. */
  broken(): void;
}

interface Place<Send> {
  readonly send: Send;
  /** What is still to be filled in. */
  fill: Reference | null;
}

/**
 * The order of one peer on a `fifo` channel: what must wait, for a write or for data, holds up what comes after it, so
 * that messages leave in the order in which the engine wanted them. Data is looked for when its turn comes, one piece at
 * a time.
 */
export class FifoLane<Message, Send extends LaneSend<Message> = LaneSend<Message>> {
  readonly #ports: LanePorts<Send>;
  readonly #waiting: Queue<Place<Send>> = new Queue();
  #written: WriteId = 0;
  #filling = false;
  /** Counts the links: what was looked for on one has no place on the next. */
  #generation = 0;

  constructor(ports: LanePorts<Send>) {
    this.#ports = ports;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Takes a place in the order. @param written The last write that is on the disk. */
  push(send: Send, written: WriteId): void {
    if (this.#waiting.size === 0 && send.fill === null && send.after <= written) {
      this.#written = written;
      this.#ports.emit(send, null);
      return;
    }
    this.#waiting.push({ send, fill: send.fill });
    this.release(written);
  }

  /** Lets go what is ready, up to the first that is not. */
  release(written: WriteId): void {
    this.#written = written;
    if (this.#filling) return;
    for (let head = this.#waiting.peek(); head !== undefined; head = this.#waiting.peek()) {
      if (head.send.after > this.#written) return;
      if (head.fill === null) {
        this.#waiting.shift();
        this.#ports.emit(head.send, null);
      } else {
        this.#fill(head, head.fill);
        if (this.#filling) return;
      }
    }
  }

  /** The link is over: whatever waits is lost with it. */
  clear(): void {
    this.#waiting.clear();
    this.#filling = false;
    this.#generation++;
  }

  #fill(place: Place<Send>, reference: Reference): void {
    const generation = this.#generation;
    let atOnce = true;
    this.#filling = true;
    this.#ports.fill(reference, (filling) => {
      if (generation !== this.#generation) return;
      this.#filling = false;
      const rest = restOf(reference, filling);
      if (rest === undefined) {
        this.clear();
        this.#ports.broken();
        return;
      }
      place.fill = rest;
      if (rest === null) this.#waiting.shift();
      this.#ports.emit(place.send, { filling, reference });
      if (!atOnce) this.release(this.#written);
    });
    atOnce = false;
  }
}

/** What has to follow in further messages: null for nothing, undefined when there is nothing to be had. */
function restOf(reference: Reference, filling: Filling): Reference | null | undefined {
  if (reference.kind === 'entries' && filling.kind === 'entries') {
    const last = filling.entries.at(-1);
    if (last === undefined) return undefined;
    const end = last.index + last.span;
    return end < reference.upTo ? { ...reference, from: end } : null;
  }
  if (reference.kind === 'snapshot' && filling.kind === 'snapshot') {
    const position = reference.position + filling.bytes.length;
    if (position >= filling.size) return null;
    return filling.bytes.length === 0 ? undefined : { ...reference, position };
  }
  return undefined;
}
