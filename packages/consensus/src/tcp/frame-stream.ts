import type { Connection, Timer, Timers } from '@biquorum/platform';
import { FrameReader, Queue } from '@biquorum/std';

/** Who takes what a {@link FrameStream} brings. */
export interface FrameTaker {
  /**
   * A frame, without its length. What it throws ends the connection.
   *
   * @returns False when there is no room: it is offered again a little later.
   */
  frame(frame: Uint8Array): boolean;
  /** The connection is over, and every frame that came on it was taken. */
  closed(): void;
  /** More is welcome, after a write that was not. */
  drained?(): void;
}

const RETRY_MS = 1;
/** A connection that was ended and that the peer does not end is dropped after so long. */
const LINGER_MS = 5000;

/**
 * Frames from a connection, one by one to a taker. Without room the connection stands still, so that the peer feels it;
 * whatever a peer sends, it harms no more than its own connection.
 */
export class FrameStream {
  readonly connection: Connection;
  readonly #timers: Timers;
  readonly #arrived: Queue<Uint8Array> = new Queue();
  #taker: FrameTaker;
  #waiting = false;
  #over = false;
  #stopped = false;
  #linger: Timer | null = null;
  /** How often {@link looks} was called since something came. */
  #silentLooks = 0;

  constructor(connection: Connection, timers: Timers, frameBytesMax: number, taker: FrameTaker) {
    this.connection = connection;
    this.#timers = timers;
    this.#taker = taker;
    const reader = new FrameReader(frameBytesMax, (frame) => this.#arrived.push(frame));
    connection.start({
      data: (chunk) => {
        this.#silentLooks = 0;
        if (this.#stopped) return;
        if (reader.push(chunk) !== null) connection.abort();
        else if (!this.#waiting) this.#pump();
      },
      end: () => connection.end(),
      drained: () => this.#taker.drained?.(),
      closed: () => {
        this.#over = true;
        this.#linger?.cancel();
        if (!this.#waiting) this.#pump();
      },
    });
  }

  /** Whether the taker has no room: then the peer cannot be blamed for its silence. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Counts looks at the connection. @returns How many there were since anything came, this one included. */
  look(): number {
    return ++this.#silentLooks;
  }

  /** Somebody else takes the frames from the next one on. */
  handTo(taker: FrameTaker): void {
    this.#taker = taker;
  }

  /** Nothing is passed on any more, not even that it is over; what was written still gets through. */
  end(): void {
    this.#stop();
    this.connection.end();
    // A peer that does not end its side, either.
    if (!this.#over) this.#linger = this.#timers.set(LINGER_MS, () => this.connection.abort());
  }

  /** As `end`, and what was written is dropped, too. */
  abort(): void {
    this.#stop();
    this.connection.abort();
  }

  #stop(): void {
    this.#stopped = true;
    this.#arrived.clear();
  }

  #pump(): void {
    this.#waiting = false;
    try {
      for (let frame = this.#arrived.peek(); frame !== undefined; frame = this.#arrived.peek()) {
        if (this.#stopped) return;
        if (!this.#taker.frame(frame)) {
          this.#wait();
          return;
        }
        this.#arrived.shift();
      }
    } catch {
      this.#arrived.clear();
      this.connection.abort();
    }
    if (this.#over && !this.#stopped) {
      this.#stopped = true;
      this.#taker.closed();
    }
  }

  #wait(): void {
    this.#waiting = true;
    if (!this.#over) this.connection.pause();
    this.#timers.set(RETRY_MS, () => {
      if (!this.#over) this.connection.resume();
      this.#pump();
    });
  }
}
