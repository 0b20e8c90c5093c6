import { bool, buffer, int, type Jute, long, record, text, wide } from '../jute.ts';
import type { Zxid } from '../zxid.ts';

/** The first thing a client says. */
export interface ConnectRequest {
  readonly protocolVersion: number;
  /** A server that has seen less turns the client away. */
  readonly lastZxidSeen: Zxid;
  readonly timeoutMs: number;
  /** 0 for a new session. */
  readonly sessionId: bigint;
  readonly password: Uint8Array | null;
  /** Null when the client is too old to say. */
  readonly readOnly: boolean | null;
}

/** How a {@link ConnectRequest} looks. */
export const connectRequest: Jute<ConnectRequest> = withOptionalFlag(
  record<Omit<ConnectRequest, 'readOnly'>>({
    protocolVersion: int,
    lastZxidSeen: long,
    timeoutMs: int,
    sessionId: wide,
    password: buffer,
  }),
);

/** The server's answer; with a timeout of 0 the session is refused. */
export interface ConnectResponse {
  readonly protocolVersion: number;
  readonly timeoutMs: number;
  readonly sessionId: bigint;
  readonly password: Uint8Array | null;
  /** Null when the request had none. */
  readonly readOnly: boolean | null;
}

/** How a {@link ConnectResponse} looks. */
export const connectResponse: Jute<ConnectResponse> = withOptionalFlag(
  record<Omit<ConnectResponse, 'readOnly'>>({
    protocolVersion: int,
    timeoutMs: int,
    sessionId: wide,
    password: buffer,
  }),
);

/** What stands before every request. */
export interface RequestHeader {
  readonly xid: number;
  /** An operation's number, known or not. */
  readonly type: number;
}

/** How a {@link RequestHeader} looks. */
export const requestHeader: Jute<RequestHeader> = record<RequestHeader>({ xid: int, type: int });

/** What stands before every reply. A body follows when `err` is 0, and always after a multi. */
export interface ReplyHeader {
  readonly xid: number;
  /** The last zxid that the server had applied. */
  readonly zxid: Zxid;
  readonly err: number;
}

/** How a {@link ReplyHeader} looks. */
export const replyHeader: Jute<ReplyHeader> = record<ReplyHeader>({ xid: int, zxid: long, err: int });

/** A watch has fired. */
export interface WatcherEvent {
  readonly type: number;
  readonly state: number;
  readonly path: string;
}

/** How a {@link WatcherEvent} looks. */
export const watcherEvent: Jute<WatcherEvent> = record<WatcherEvent>({ type: int, state: int, path: text });

/** Adds an identity to a connection. */
export interface AuthPacket {
  readonly type: number;
  readonly scheme: string;
  readonly auth: Uint8Array | null;
}

/** How an {@link AuthPacket} looks. */
export const authPacket: Jute<AuthPacket> = record<AuthPacket>({ type: int, scheme: text, auth: buffer });

/** A record that old peers end before its last field, a flag. */
function withOptionalFlag<T extends object>(fields: Jute<T>): Jute<T & { readonly readOnly: boolean | null }> {
  return {
    write(writer, value) {
      fields.write(writer, value);
      if (value.readOnly !== null) bool.write(writer, value.readOnly);
    },
    read: (reader) => ({ ...fields.read(reader), readOnly: reader.remaining === 0 ? null : bool.read(reader) }),
  };
}
