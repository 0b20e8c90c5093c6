/**
 * Kafka's wire: every request, response, header and stored record of Kafka 3.9 in every version, record batches, the
 * error table.
 *
 * Messages are read and written by codecs, one per message, that are imported from `@biquorum/kafka-wire/messages/<api>`
 * and its siblings, so that a program loads the tables of the APIs it uses and no others. Their types are here as well.
 *
 * @packageDocumentation
 */

export {
  type ApiInfo,
  apiByKey,
  apiByName,
  isServed,
  requestHeaderVersion,
  responseHeaderVersion,
} from './apis.ts';
export { INT64_MAX, INT64_MIN } from './codec/int64.ts';
export { codec, type MessageCodec } from './codec/message-codec.ts';
export { StringInterner } from './codec/string-interner.ts';
export type { TextReader } from './codec/text.ts';
export type { UnknownTag } from './codec/unknown-tag.ts';
export { EncodeError, type EncodeErrorCode, type EncodeErrorFacts } from './encode-error.ts';
export { ERRORS, type ErrorEntry, type ErrorName, errorByCode, errorByName, errorCode, errorName } from './errors.ts';
export { DEFAULT_MAX_FRAME_BYTES, FRAME_SIZE_BYTES, readFrameSize, requestFrame, responseFrame } from './frame.ts';
export { apis } from './generated/apis.ts';
export type * from './generated/types.ts';
export { ProtocolError, type ProtocolErrorCode, type ProtocolErrorFacts } from './protocol-error.ts';
export * from './records/index.ts';
export {
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestHeader,
  encodeResponseHeader,
} from './request-header.ts';
export type { Init } from './schema/init.ts';
export type {
  EntityType,
  FieldDefault,
  FieldTable,
  ListenerType,
  MessageTable,
  MessageType,
  StructTable,
} from './schema/table.ts';
export { type Uuid, uuid, uuidFromBytes, uuidToBytes, ZERO_UUID } from './uuid.ts';
