import type { Connection, ConnectionHandlers, Timer, Timers } from '@biquorum/platform';
import { BytesError, Queue } from '@biquorum/std';
import {
  PacketStream,
  PacketType,
  type QuorumPacket,
  readQuorumPacket,
  SNAPSHOT_SIGNATURE,
  SnapshotStreamScanner,
  text,
  toBytes,
} from '@biquorum/zookeeper-wire';

/** What arrives on a learner's link: packets, and after SNAP the pieces of a snapshot. */
export type LearnerItem =
  | { readonly kind: 'packet'; readonly packet: QuorumPacket }
  /** A whole packet of what lies above: whoever it is for reads it. */
  | { readonly kind: 'application'; readonly bytes: Uint8Array }
  /** `last`: the signature behind the snapshot has come. */
  | { readonly kind: 'snapshot'; readonly bytes: Uint8Array; readonly last: boolean };

/** What a {@link LearnerLink} tells. */
export interface LearnerLinkEvents {
  /** @returns False when there is no room now: it is offered again soon. */
  item(item: LearnerItem): boolean;
  /** All is over; nothing more is told. */
  closed(reason: string): void;
}

/** When there was no room, what has arrived is offered again so much later. */
const RETRY_MS = 1;
/** A peer that does not close its end is cut off so much later. */
const LINGER_MS = 2_000;

/**
 * One connection between a leader and a learner: packets in order, and a snapshot in the midst of them. Packets of one
 * turn leave in one write.
 */
export class LearnerLink {
  readonly #connection: Connection;
  readonly #timers: Timers;
  readonly #queuedBytesMax: number;
  readonly #stream: PacketStream = new PacketStream();
  readonly #arrived: Queue<LearnerItem> = new Queue();
  #scanner: SnapshotStreamScanner | null = null;
  #events: LearnerLinkEvents | null = null;
  #out: Uint8Array[] = [];
  #held: Timer | null = null;
  #linger: Timer | null = null;
  /** The system takes no more for now. */
  #full = false;
  /** Who wants to send much more. */
  readonly #waiting: (() => void)[] = [];
  #over = false;

  /** @param queuedBytesMax a peer that does not take what it has been sent is cut off over so many bytes */
  constructor(connection: Connection, timers: Timers, queuedBytesMax: number) {
    this.#connection = connection;
    this.#timers = timers;
    this.#queuedBytesMax = queuedBytesMax;
  }

  /** Where the other end is, without port. */
  get remoteHost(): string {
    return this.#connection.remote.host;
  }

  /** Calls `run` once the peer has taken most of what it was sent; never when the link ends before. */
  whenRoom(run: () => void): void {
    this.#waiting.push(run);
    this.#timers.soon(() => this.#makeRoom());
  }

  /** Begins to deliver. To be called once. */
  start(events: LearnerLinkEvents): void {
    this.#events = events;
    const handlers: ConnectionHandlers = {
      data: (chunk) => {
        this.#stream.push(chunk);
        this.#read();
      },
      end: () => this.close('the other end has closed it'),
      drained: () => {
        this.#full = false;
        this.#makeRoom();
      },
      closed: (error) => {
        this.close(error?.message ?? 'the connection is closed');
        this.#linger?.cancel();
      },
    };
    this.#connection.start(handlers);
  }

  /** Sends the bytes of a packet. */
  send(packet: Uint8Array): void {
    this.#write(packet);
  }

  /** Sends a piece of a snapshot. @param last it is the last: what tells the end follows */
  sendSnapshot(bytes: Uint8Array, last: boolean): void {
    if (bytes.length > 0) this.#write(bytes);
    if (last) this.#write(toBytes(text, SNAPSHOT_SIGNATURE));
  }

  /** Hangs up: what was sent still goes out, nothing more is delivered. */
  close(reason: string): void {
    if (this.#over) return;
    this.#flush();
    // What went out last may have been too much.
    if (this.#over) return;
    this.#over = true;
    this.#held?.cancel();
    this.#arrived.clear();
    this.#connection.end();
    // A peer that does not close its end must not keep this one.
    this.#linger = this.#timers.set(LINGER_MS, () => this.#connection.abort());
    this.#events?.closed(reason);
  }

  #makeRoom(): void {
    while (!this.#over && this.#waiting.length > 0 && !this.#full) this.#waiting.shift()?.();
  }

  #write(bytes: Uint8Array): void {
    if (this.#over) return;
    if (this.#out.length === 0) this.#timers.soon(() => this.#flush());
    this.#out.push(bytes);
  }

  #flush(): void {
    if (this.#over || this.#out.length === 0) return;
    this.#full = !this.#connection.write(gathered(this.#out));
    this.#out = [];
    if (this.#connection.queuedBytes > this.#queuedBytesMax) this.close('the peer does not take what it is sent');
  }

  /** Cuts what has arrived into items. */
  #read(): void {
    if (this.#over) return;
    try {
      while (this.#cut());
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      this.close(`the peer sends what is no packet: ${error.message}`);
      return;
    }
    this.#deliver();
  }

  /** @returns Whether there may be more. */
  #cut(): boolean {
    if (this.#scanner !== null) {
      const { snapshot, rest } = this.#scanner.push(this.#stream.takeRaw());
      const last = this.#scanner.ended;
      if (snapshot.length > 0 || last) this.#arrived.push({ kind: 'snapshot', bytes: snapshot, last });
      if (!last) return false;
      this.#scanner = null;
      this.#stream.push(rest);
    }
    const bytes = this.#stream.nextBytes();
    if (bytes === undefined) return false;
    if (isOfApplication(bytes)) {
      this.#arrived.push({ kind: 'application', bytes });
      return true;
    }
    const packet = readQuorumPacket(bytes);
    if (packet.type === PacketType.SNAP) this.#scanner = new SnapshotStreamScanner();
    this.#arrived.push({ kind: 'packet', packet });
    return true;
  }

  #deliver(): void {
    if (this.#held !== null) return;
    for (let item = this.#arrived.peek(); item !== undefined; item = this.#arrived.peek()) {
      const taken = this.#events?.item(item) ?? true;
      if (this.#over) return;
      if (!taken) {
        this.#connection.pause();
        this.#held = this.#timers.set(RETRY_MS, () => {
          this.#held = null;
          if (this.#over) return;
          this.#connection.resume();
          this.#deliver();
        });
        return;
      }
      this.#arrived.shift();
    }
  }
}

function isOfApplication(packet: Uint8Array): boolean {
  // The types are less than 256.
  const type = packet[0] === 0 && packet[1] === 0 && packet[2] === 0 ? packet[3] : -1;
  return type === PacketType.REQUEST || type === PacketType.REVALIDATE || type === PacketType.SYNC;
}

/** Small packets in one piece: for the system each piece costs more than its bytes. Large ones stay as they are. */
function gathered(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  if (pieces.length === 1 || total > GATHERED_BYTES_MAX) return pieces;
  const all = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return [all];
}

const GATHERED_BYTES_MAX = 256 * 1024;
