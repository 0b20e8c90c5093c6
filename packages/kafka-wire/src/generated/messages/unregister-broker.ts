// Made by scripts/generate.ts from src/messages/unregister-broker.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { unregisterBrokerRequestTable, unregisterBrokerResponseTable } from '../../messages/unregister-broker.ts';

/**
 * Removes the registration of a broker that will not come back.
 *
 * Request of API 64, version 0.
 */
export interface UnregisterBrokerRequest {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the registration was removed.
 *
 * Response of API 64, version 0.
 */
export interface UnregisterBrokerResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link UnregisterBrokerRequest}. */
export const unregisterBrokerRequest: MessageCodec<UnregisterBrokerRequest> = /* @__PURE__ */ codec(unregisterBrokerRequestTable);

/** Reads and writes {@link UnregisterBrokerResponse}. */
export const unregisterBrokerResponse: MessageCodec<UnregisterBrokerResponse> = /* @__PURE__ */ codec(unregisterBrokerResponseTable);
