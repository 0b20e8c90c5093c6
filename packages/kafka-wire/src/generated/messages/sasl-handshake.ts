// Made by scripts/generate.ts from src/messages/sasl-handshake.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import { saslHandshakeRequestTable, saslHandshakeResponseTable } from '../../messages/sasl-handshake.ts';

/**
 * Names the SASL mechanism with which the client wants to authenticate.
 *
 * Request of API 17, versions 0–1.
 */
export interface SaslHandshakeRequest {
  /** Name of the mechanism, such as `SCRAM-SHA-512`. */
  readonly mechanism: string;
}

/**
 * Whether the mechanism is enabled, and which ones are.
 *
 * Response of API 17, versions 0–1.
 */
export interface SaslHandshakeResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Names of the mechanisms that are enabled. */
  readonly mechanisms: readonly string[];
}

/** Reads and writes {@link SaslHandshakeRequest}. */
export const saslHandshakeRequest: MessageCodec<SaslHandshakeRequest> = /* @__PURE__ */ codec(saslHandshakeRequestTable);

/** Reads and writes {@link SaslHandshakeResponse}. */
export const saslHandshakeResponse: MessageCodec<SaslHandshakeResponse> = /* @__PURE__ */ codec(saslHandshakeResponseTable);
