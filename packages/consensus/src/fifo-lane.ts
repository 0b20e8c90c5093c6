import type { WriteId } from './contract.ts';

/** Something to send in its turn. */
interface Waiting<Message> {
  readonly after: WriteId;
  /** Null until its data has been found. */
  message: Message | null;
  readonly emit: (message: Message) => void;
}

/**
 * The order of one peer on a `fifo` channel: what must wait, for a write or for data, holds up what comes after it, so
 * that messages leave in the order in which the engine wanted them.
 */
export class FifoLane<Message> {
  readonly #waiting: Waiting<Message>[] = [];

  /**
   * Takes a place in the order.
   *
   * @param message Null when `fill` brings it later.
   * @returns To be called with the message when there was none.
   */
  push(
    message: Message | null,
    after: WriteId,
    written: WriteId,
    emit: (message: Message) => void,
  ): (filled: Message, written: WriteId) => void {
    const place: Waiting<Message> = { after, message, emit };
    this.#waiting.push(place);
    this.release(written);
    return (filled, writtenThen) => {
      place.message = filled;
      this.release(writtenThen);
    };
  }

  /** Lets go what is ready, up to the first that is not. */
  release(written: WriteId): void {
    for (let head = this.#waiting[0]; head !== undefined; head = this.#waiting[0]) {
      if (head.after > written || head.message === null) return;
      this.#waiting.shift();
      head.emit(head.message);
    }
  }

  /** The link is down: whatever waits is lost with it. */
  clear(): void {
    this.#waiting.length = 0;
  }
}
