import { ByteReader, BytesError } from '@biquorum/std';
import { type QuorumPacket, quorumPacket, readQuorumPacket } from '../records/quorum.ts';
import { EPOCH_MAX } from '../zxid.ts';
import { ByteBacklog } from './byte-backlog.ts';

/** What a {@link PacketStream} allows. */
export interface PacketStreamLimits {
  /** Bytes of a packet's payload. */
  readonly dataBytesMax: number;
  /** Identities that stand beside it. */
  readonly idsMax: number;
  /** Bytes of a scheme or an identity. */
  readonly idBytesMax: number;
}

/** Twice `jute.maxbuffer` is what Java's reader lets through for one buffer. */
const DEFAULT_LIMITS: PacketStreamLimits = { dataBytesMax: 2 * 0xfffff, idsMax: 1024, idBytesMax: 64 * 1024 };

/**
 * Cuts a stream into the packets that a leader and its learners exchange. They stand one behind the other without a
 * length before them, so the end of one is found by reading its fields; a snapshot in the midst of them is taken out by
 * {@link PacketStream.takeRaw}.
 */
export class PacketStream {
  readonly #limits: PacketStreamLimits;
  readonly #backlog: ByteBacklog = new ByteBacklog();
  /** So many bytes must be there before it is worth looking again. */
  #wanted = 0;

  constructor(limits: Partial<PacketStreamLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Takes the next bytes of the stream. @param chunk borrowed for the call */
  push(chunk: Uint8Array): void {
    this.#backlog.push(chunk);
  }

  /**
   * The next packet. Its payload lies in memory of its own.
   *
   * @returns undefined when not all of it is there yet
   * @throws BytesError when a length goes beyond its limit; the stream is then of no more use
   */
  next(): QuorumPacket | undefined {
    const bytes = this.nextBytes();
    return bytes === undefined ? undefined : readQuorumPacket(bytes);
  }

  /**
   * The next packet as it came, in memory of its own: for {@link readQuorumPacket}, which will find nothing wrong with it.
   *
   * @returns undefined when not all of it is there yet
   * @throws BytesError when a length goes beyond its limit, or no zxid can be so large; the stream is then of no more use
   */
  nextBytes(): Uint8Array | undefined {
    const { size } = this.#backlog;
    if (size < Math.max(this.#wanted, 1)) return undefined;
    const length = this.#measure();
    if (length > size) {
      this.#wanted = length;
      return undefined;
    }
    this.#wanted = 0;
    const { view, start } = this.#backlog;
    const high = view.getInt32(start + 4);
    const bytes = this.#backlog.take(length);
    if (high < -1 || high > EPOCH_MAX) quorumPacket.read(new ByteReader(bytes));
    return bytes;
  }

  /** Takes whatever has arrived as it is, for who knows that no packet follows. */
  takeRaw(): Uint8Array {
    this.#wanted = 0;
    return this.#backlog.take(this.#backlog.size);
  }

  /** How many bytes the packet takes, or a number beyond what is there when that cannot be told yet. */
  #measure(): number {
    const { dataBytesMax, idsMax, idBytesMax } = this.#limits;
    const { view, start, size } = this.#backlog;
    let at = BYTES_BEFORE_DATA;
    /** A length or a count; undefined when it is not there. */
    const read = (what: string, max: number): number | undefined => {
      if (at + 4 > size) return undefined;
      const length = view.getInt32(start + at);
      if (length < -1 || length > max)
        throw new BytesError('out-of-range', at, length, max, `${what} of ${length}, at most ${max} are allowed`);
      at += 4;
      return Math.max(length, 0);
    };
    const data = read('payload', dataBytesMax);
    if (data === undefined) return at + 4;
    at += data;
    const ids = read('identities', idsMax);
    if (ids === undefined) return at + 4;
    for (let part = 0; part < 2 * ids; part++) {
      const length = read('identity', idBytesMax);
      if (length === undefined) return at + 4;
      at += length;
    }
    return at;
  }
}

/** Type and zxid. */
const BYTES_BEFORE_DATA = 12;
