/**
 * Counts messages in one direction of a connection as its bytes go by, cut into chunks anywhere. Nothing is kept of
 * them but what tells where the next one begins.
 */
export interface MessageCounter {
  /** @param chunk borrowed for the call */
  push(chunk: Uint8Array): void;
}

/** How many bytes of a frame are shown: enough for the header of a request of Kafka's. */
const HEAD_BYTES = 8;
const SIZE_BYTES = 4;

/** Frames of Kafka's and of ZooKeeper's clients: a size of four bytes, then so many bytes. */
export class FrameCounter implements MessageCounter {
  readonly #onFrame: (head: Uint8Array, size: number) => void;
  #head: Uint8Array = new Uint8Array(SIZE_BYTES + HEAD_BYTES);
  #have = 0;
  /** Of the frame's body, once the size is known. */
  #left = -1;

  /** @param onFrame told of each frame's first bytes, borrowed, when it is complete, and of its size without the prefix */
  constructor(onFrame: (head: Uint8Array, size: number) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left < 0) {
        this.#head[this.#have] = chunk[at] as number;
        this.#have += 1;
        at += 1;
        if (this.#have === SIZE_BYTES) {
          this.#left = Math.max(0, this.#size);
          if (this.#left === 0) this.#done();
        }
        continue;
      }
      const taken = Math.min(this.#left, chunk.length - at);
      const shown = Math.min(taken, this.#head.length - this.#have);
      if (shown > 0) this.#head.set(chunk.subarray(at, at + shown), this.#have);
      this.#have += Math.max(0, shown);
      at += taken;
      this.#left -= taken;
      if (this.#left === 0) this.#done();
    }
  }

  get #size(): number {
    return new DataView(this.#head.buffer).getInt32(0);
  }

  #done(): void {
    this.#onFrame(this.#head.subarray(SIZE_BYTES, this.#have), this.#size);
    this.#have = 0;
    this.#left = -1;
  }
}

/** Type of the packet behind which a whole tree follows, without a size. */
const SNAP = 15;
/** What ZooKeeper's learner handler writes behind that tree. */
const SIGNATURE: Uint8Array = new TextEncoder().encode('BenWasHere');
const NULL = -1;

/** Packets between the servers of an ensemble (`QuorumPacket`), which carry no size: type, zxid, data, authinfo. */
export class QuorumPacketCounter implements MessageCounter {
  readonly #onPacket: () => void;
  readonly #parse: Generator<void, never, number>;

  constructor(onPacket: () => void) {
    this.#onPacket = onPacket;
    this.#parse = this.#packets();
    this.#parse.next();
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at++) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at);
        this.#skip -= skipped;
        at += skipped - 1;
        continue;
      }
      this.#parse.next(chunk[at] as number);
    }
  }

  /** Bytes that the parser need not see. It asks for more only when these have gone by. */
  #skip = 0;

  *#packets(): Generator<void, never, number> {
    for (;;) {
      const type = yield* readInt();
      yield* this.#pass(8);
      yield* this.#passBuffer();
      const identities = yield* readInt();
      for (let index = 0; index < identities; index++) {
        yield* this.#passBuffer();
        yield* this.#passBuffer();
      }
      this.#onPacket();
      if (type === SNAP) yield* untilSignature();
    }
  }

  *#passBuffer(): Generator<void, void, number> {
    const size = yield* readInt();
    if (size !== NULL) yield* this.#pass(size);
  }

  *#pass(count: number): Generator<void, void, number> {
    if (count <= 0) return;
    // The last byte comes through the parser, for it goes on only when it is given one.
    this.#skip = count - 1;
    yield;
  }
}

function* readInt(): Generator<void, number, number> {
  let value = 0;
  for (let index = 0; index < 4; index++) value = (value << 8) | (yield);
  return value;
}

function* untilSignature(): Generator<void, void, number> {
  let matched = 0;
  while (matched < SIGNATURE.length) {
    const byte = yield;
    matched = byte === SIGNATURE[matched] ? matched + 1 : byte === SIGNATURE[0] ? 1 : 0;
  }
}

/**
 * Either kind of connection between servers of an ensemble. That of elections begins with a version, which is negative,
 * the caller's id and its addresses, and then has frames; the other has packets from the start.
 */
export class PeerLinkCounter implements MessageCounter {
  readonly #onMessage: () => void;
  readonly #dials: boolean;
  #inner: MessageCounter | undefined;
  #first: number[] = [];

  /** @param dials whether this is what the caller says: the one who is called begins with frames or packets at once */
  constructor(dials: boolean, onMessage: () => void) {
    this.#onMessage = onMessage;
    this.#dials = dials;
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (this.#inner === undefined && rest.length > 0) {
      this.#first.push(rest[0] as number);
      rest = rest.subarray(1);
      this.#decide();
    }
    if (rest.length > 0) this.#inner?.push(rest);
  }

  #decide(): void {
    const view = new DataView(Uint8Array.from(this.#first).buffer);
    if (this.#first.length < 4) return;
    const first = view.getInt32(0);
    if (this.#dials && first < 0) {
      // Version and id, then a text with its size.
      const known = 8 + 8 + 4;
      if (this.#first.length < known || this.#first.length < known + view.getInt32(16)) return;
      this.#inner = new FrameCounter(this.#onMessage);
      this.#onMessage();
      return;
    }
    // A vote has 40 bytes and more; types of packets are small numbers.
    this.#inner =
      first > PACKET_TYPE_MAX ? new FrameCounter(this.#onMessage) : new QuorumPacketCounter(this.#onMessage);
    this.#inner.push(Uint8Array.from(this.#first));
  }
}

const PACKET_TYPE_MAX = 19;
