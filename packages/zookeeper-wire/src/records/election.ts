import { ByteReader, BytesError, ByteWriter } from '@biquorum/std';

/** What a server is when it sends a notification. */
export const PeerState = { LOOKING: 0, FOLLOWING: 1, LEADING: 2, OBSERVING: 3 } as const;

/** A vote, as servers send it to each other in an election. 64-bit numbers are whole: an observer's are all −2^63. */
export interface Notification {
  /** One of {@link PeerState}. */
  readonly state: number;
  /** Who should lead. */
  readonly leader: bigint;
  /** The last zxid of who should lead. */
  readonly zxid: bigint;
  /** The round of the election. */
  readonly electionEpoch: bigint;
  /** The epoch of who should lead. */
  readonly peerEpoch: bigint;
  /** Of the form: 2 from every living server; 0 from those that do not say. */
  readonly version: number;
  /** The sender's configuration of the ensemble; null from servers that do not send one. */
  readonly config: string | null;
}

const BYTES_OF_OLDEST = 28;
const BYTES_OF_OLD = 40;
const BYTES_BEFORE_CONFIG = 44;

/** The version of votes that every living server speaks. */
export const NOTIFICATION_VERSION = 2;

/** How a {@link Notification} looks, without the length before it. Source: Java `FastLeaderElection`. */
export const notification: {
  toBytes(value: Notification): Uint8Array;
  /** @throws BytesError when it is shorter than any form of it, or its configuration is cut off. */
  fromBytes(bytes: Uint8Array): Notification;
} = {
  toBytes({ state, leader, zxid, electionEpoch, peerEpoch, version, config }) {
    const writer = new ByteWriter();
    writer.i32(state);
    writer.i64Big(leader);
    writer.i64Big(zxid);
    writer.i64Big(electionEpoch);
    writer.i64Big(peerEpoch);
    writer.i32(version);
    if (version < NOTIFICATION_VERSION) return writer.finish();
    const at = writer.reserve(4);
    writer.patchI32(at, config === null ? 0 : writer.utf8(config));
    return writer.finish();
  },

  fromBytes(bytes) {
    const reader = new ByteReader(bytes);
    if (bytes.length < BYTES_OF_OLDEST) throw new BytesError('underflow', 0, BYTES_OF_OLDEST, bytes.length);
    const [state, leader, zxid, electionEpoch] = [reader.i32(), reader.i64Big(), reader.i64Big(), reader.i64Big()];
    const vote = { state, leader, zxid, electionEpoch };
    // The oldest form has no epoch: that of the zxid counts.
    if (bytes.length < BYTES_OF_OLD - 4) return { ...vote, peerEpoch: zxid >> 32n, version: 0, config: null };
    const peerEpoch = reader.i64Big();
    // The next form has a number here that was not always a version.
    const version = bytes.length > BYTES_OF_OLD ? reader.i32() : 0;
    if (version < NOTIFICATION_VERSION || bytes.length < BYTES_BEFORE_CONFIG)
      return { ...vote, peerEpoch, version, config: null };
    const length = reader.i32();
    if (length < 0 || length > reader.remaining) {
      throw new BytesError('out-of-range', BYTES_BEFORE_CONFIG - 4, length, reader.remaining, `length ${length}`);
    }
    return { ...vote, peerEpoch, version, config: reader.utf8(length, 'replace') };
  },
};

/** The first bytes on an election connection: who calls, and where it can be called. */
export interface ElectionHello {
  readonly serverId: bigint;
  /** `host:port`, several where a server has several addresses; none from the oldest servers. */
  readonly addresses: readonly string[];
}

const ONE_ADDRESS = -65536n;
const SEVERAL_ADDRESSES = -65535n;
const ADDRESS_BYTES_MAX = 2048;

/** How an {@link ElectionHello} looks. Source: Java `QuorumCnxManager.InitialMessage`. */
export const electionHello: {
  toBytes(value: ElectionHello): Uint8Array;
  /**
   * @returns The hello and how many bytes it took; undefined when not all of it is there.
   * @throws BytesError when it is none.
   */
  fromBytes(bytes: Uint8Array): { readonly hello: ElectionHello; readonly byteLength: number } | undefined;
} = {
  toBytes({ serverId, addresses }) {
    const writer = new ByteWriter();
    writer.i64Big(addresses.length > 1 ? SEVERAL_ADDRESSES : ONE_ADDRESS);
    writer.i64Big(serverId);
    const at = writer.reserve(4);
    writer.patchI32(at, writer.utf8(addresses.join('|')));
    return writer.finish();
  },

  fromBytes(bytes) {
    if (bytes.length < 8) return undefined;
    const reader = new ByteReader(bytes);
    const version = reader.i64Big();
    if (version >= 0n) return { hello: { serverId: version, addresses: [] }, byteLength: 8 };
    if (version !== ONE_ADDRESS && version !== SEVERAL_ADDRESSES) {
      throw new BytesError('out-of-range', 0, 8, 8, `election protocol ${version} is not known`);
    }
    if (reader.remaining < 12) return undefined;
    const serverId = reader.i64Big();
    const length = reader.i32();
    if (length <= 0 || length > ADDRESS_BYTES_MAX) {
      throw new BytesError('out-of-range', 16, length, ADDRESS_BYTES_MAX, `address of ${length} bytes`);
    }
    if (reader.remaining < length) return undefined;
    const addresses = reader.utf8(length, 'replace').split('|');
    return { hello: { serverId, addresses }, byteLength: reader.offset };
  },
};
