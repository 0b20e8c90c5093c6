import { ByteReader } from '@biquorum/std';
import { bool, int, type Jute, record, toBytes, wide } from '../jute.ts';

/** A client's request on its way from a learner to the leader: the payload of REQUEST. */
export interface ForwardedRequest {
  readonly sessionId: bigint;
  readonly cxid: number;
  /** The operation, one of `OpCode`. */
  readonly type: number;
  /** The request's record, as the client sent it. */
  readonly request: Uint8Array;
}

/** How a {@link ForwardedRequest} looks; the record takes all that is left. Source: Java `Learner.request`. */
export const forwardedRequest: Jute<ForwardedRequest> = {
  write(writer, { sessionId, cxid, type, request }) {
    writer.i64Big(sessionId);
    writer.i32(cxid);
    writer.i32(type);
    writer.bytesOf(request);
  },
  read: (reader) => ({
    sessionId: reader.i64Big(),
    cxid: reader.i32(),
    type: reader.i32(),
    request: reader.take(reader.remaining),
  }),
};

/** A session that a learner has heard of since the last PING. */
export interface TouchedSession {
  readonly sessionId: bigint;
  readonly timeoutMs: number;
}

const TOUCHED_BYTES = 12;

/** How the payload of a learner's answer to PING looks: sessions to the end of it. Source: Java `Learner.ping`. */
export const touchedSessions: Jute<readonly TouchedSession[]> = {
  write(writer, sessions) {
    for (const { sessionId, timeoutMs } of sessions) {
      writer.i64Big(sessionId);
      writer.i32(timeoutMs);
    }
  },
  read(reader) {
    const sessions: TouchedSession[] = [];
    // Java reads as far as there are whole ones.
    while (reader.remaining >= TOUCHED_BYTES) sessions.push({ sessionId: reader.i64Big(), timeoutMs: reader.i32() });
    return sessions;
  },
};

/** What a learner asks of its leader when a client comes back with a session: the payload of its REVALIDATE. */
export const revalidateRequest: Jute<TouchedSession> = record<TouchedSession>({ sessionId: wide, timeoutMs: int });

/** What the leader answers: the payload of its REVALIDATE. */
export interface RevalidateReply {
  readonly sessionId: bigint;
  readonly valid: boolean;
}

/** How a {@link RevalidateReply} looks. */
export const revalidateReply: Jute<RevalidateReply> = record<RevalidateReply>({ sessionId: wide, valid: bool });

/**
 * A number of four bytes on its own: the payload of ACKEPOCH (the learner's current epoch; −1 when it has accepted the
 * proposed one before) and of LEADERINFO (the protocol's version).
 */
export const int32Payload: {
  toBytes(value: number): Uint8Array;
  /** @throws BytesError when it is shorter */
  fromBytes(bytes: Uint8Array | null): number;
} = {
  toBytes: (value) => toBytes(int, value),
  fromBytes: (bytes) => new ByteReader(bytes ?? NO_BYTES).i32(),
};

const NO_BYTES = new Uint8Array(0);
