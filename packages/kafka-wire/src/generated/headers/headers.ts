// Made by scripts/generate.ts from src/headers/headers.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { requestHeaderTable, responseHeaderTable } from '../../headers/headers.ts';

/**
 * Precedes the body of every request.
 *
 * Header, versions 0–2; flexible from 2.
 */
export interface RequestHeader {
  /** Key of the API. */
  readonly requestApiKey: number;
  /** Version of the request. */
  readonly requestApiVersion: number;
  /** Number that ties a response to its request. */
  readonly correlationId: number;
  /** Name that the client gave itself. Versions 1+. */
  readonly clientId: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Precedes the body of every response.
 *
 * Header, versions 0–1; flexible from 1.
 */
export interface ResponseHeader {
  /** Number that ties a response to its request. */
  readonly correlationId: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link RequestHeader}. */
export const requestHeader: MessageCodec<RequestHeader> = /* @__PURE__ */ codec(requestHeaderTable);

/** Reads and writes {@link ResponseHeader}. */
export const responseHeader: MessageCodec<ResponseHeader> = /* @__PURE__ */ codec(responseHeaderTable);
