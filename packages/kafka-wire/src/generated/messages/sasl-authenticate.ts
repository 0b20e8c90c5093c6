// Made by scripts/generate.ts from src/messages/sasl-authenticate.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { saslAuthenticateRequestTable, saslAuthenticateResponseTable } from '../../messages/sasl-authenticate.ts';

/**
 * One step of the SASL exchange, from the client.
 *
 * Request of API 36, versions 0–2; flexible from 2.
 */
export interface SaslAuthenticateRequest {
  /** Token of the SASL mechanism. */
  readonly authBytes: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * One step of the SASL exchange, from the server.
 *
 * Response of API 36, versions 0–2; flexible from 2.
 */
export interface SaslAuthenticateResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Token of the SASL mechanism. */
  readonly authBytes: Uint8Array;
  /** Time until the client must authenticate again, in milliseconds; 0 for never. Versions 1+. */
  readonly sessionLifetimeMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link SaslAuthenticateRequest}. */
export const saslAuthenticateRequest: MessageCodec<SaslAuthenticateRequest> = /* @__PURE__ */ codec(saslAuthenticateRequestTable);

/** Reads and writes {@link SaslAuthenticateResponse}. */
export const saslAuthenticateResponse: MessageCodec<SaslAuthenticateResponse> = /* @__PURE__ */ codec(saslAuthenticateResponseTable);
