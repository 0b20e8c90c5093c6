import type { Payload } from '@biquorum/std';
import { requestHeaderVersion, responseHeaderVersion } from './apis.ts';
import type { MessageCodec, TableCodec } from './codec/message-codec.ts';
import { giveBackScratch, takeScratch } from './codec/scratch.ts';
import { EncodeError } from './encode-error.ts';
import { type RequestHeader, requestHeader, responseHeader } from './generated/headers/headers.ts';
import { ProtocolError } from './protocol-error.ts';
import type { Init } from './schema/init.ts';

/** Bytes of the size in front of a frame. */
export const FRAME_SIZE_BYTES = 4;

/** The largest frame that a broker takes by default (`socket.request.max.bytes`). */
export const DEFAULT_MAX_FRAME_BYTES: number = 100 * 1024 * 1024;

/**
 * Reads the size of a frame, that is of what follows the four bytes of the size itself.
 *
 * @param bytes At least four bytes from `offset` on.
 * @throws ProtocolError `invalid-frame` when the size is negative or above the limit: close the connection then.
 */
export function readFrameSize(
  bytes: Uint8Array,
  offset: number,
  maxFrameBytes: number = DEFAULT_MAX_FRAME_BYTES,
): number {
  const size =
    ((bytes[offset] as number) << 24) |
    ((bytes[offset + 1] as number) << 16) |
    ((bytes[offset + 2] as number) << 8) |
    (bytes[offset + 3] as number);
  if (size >= 0 && size <= maxFrameBytes) return size;
  const detail = `a frame of ${size} bytes is not between 0 and ${maxFrameBytes}`;
  throw new ProtocolError({ code: 'invalid-frame', api: 'frame', version: -1, path: '', offset, detail });
}

/**
 * A whole request: size, header, body. API key and version come from the codec's table and the argument.
 *
 * @returns The segments in order: bytes, and payloads as they were given.
 * @throws EncodeError when the value does not fit the version.
 */
export function requestFrame<Request>(
  request: MessageCodec<Request>,
  version: number,
  header: Omit<Init<RequestHeader>, 'requestApiKey' | 'requestApiVersion'>,
  value: Init<Request>,
): (Uint8Array | Payload)[] {
  const apiKey = apiKeyOf(request);
  const headerVersion = requestHeaderVersion(apiKey, version) ?? unknownApi(request);
  return frame(
    requestHeader,
    { ...header, requestApiKey: apiKey, requestApiVersion: version },
    headerVersion,
    request,
    value,
    version,
  );
}

/**
 * A whole response: size, header, body.
 *
 * @returns The segments in order: bytes, and payloads as they were given.
 * @throws EncodeError when the value does not fit the version.
 */
export function responseFrame<Response>(
  response: MessageCodec<Response>,
  version: number,
  correlationId: number,
  value: Init<Response>,
): (Uint8Array | Payload)[] {
  const headerVersion = responseHeaderVersion(apiKeyOf(response), version) ?? unknownApi(response);
  return frame(responseHeader, { correlationId }, headerVersion, response, value, version);
}

function frame<Header, Body>(
  headerCodec: MessageCodec<Header>,
  header: Init<Header>,
  headerVersion: number,
  bodyCodec: MessageCodec<Body>,
  body: Init<Body>,
  version: number,
): (Uint8Array | Payload)[] {
  const scratch = takeScratch();
  try {
    scratch.at = FRAME_SIZE_BYTES;
    (headerCodec as TableCodec<Header>).append(scratch, header, headerVersion);
    (bodyCodec as TableCodec<Body>).append(scratch, body, version);
    scratch.view.setInt32(0, scratch.totalBytes - FRAME_SIZE_BYTES);
    return scratch.toSegments();
  } finally {
    giveBackScratch(scratch);
  }
}

function apiKeyOf(codec: MessageCodec<unknown>): number {
  return codec.table.apiKey ?? unknownApi(codec);
}

function unknownApi({ table }: MessageCodec<unknown>): never {
  const detail = `${table.name} belongs to no API; frames hold requests and responses`;
  throw new EncodeError({ code: 'wrong-type', api: table.name, version: -1, path: '', detail });
}
