import type { ByteReader, ByteWriter } from '@biquorum/std';
import { requestHeaderVersion, responseHeaderVersion } from './apis.ts';
import type { TextReader } from './codec/text.ts';
import { EncodeError } from './encode-error.ts';
import { type RequestHeader, type ResponseHeader, requestHeader, responseHeader } from './generated/headers/headers.ts';
import { ProtocolError } from './protocol-error.ts';
import type { Init } from './schema/init.ts';

const KEY_AND_VERSION_BYTES = 4;

/**
 * Reads the header of a request, in the header version that API key and version call for, and leaves the reader at the
 * body. The version need not be one that we serve: whether it is, `isServed` tells.
 *
 * @param text What makes a string out of the client id, such as a `StringInterner`.
 * @throws ProtocolError `unknown-api` when no API has the key, and as decoding does.
 */
export function decodeRequestHeader(reader: ByteReader, text?: TextReader): RequestHeader {
  const { offset } = reader;
  // Too few bytes for key and version: the header's own decoder says so.
  if (reader.remaining < KEY_AND_VERSION_BYTES) return requestHeader.decode(reader, 0);
  const apiKey = reader.view.getInt16(offset);
  const version = reader.view.getInt16(offset + 2);
  const headerVersion = requestHeaderVersion(apiKey, version);
  if (headerVersion === undefined) {
    const detail = `no API has the key ${apiKey}`;
    throw new ProtocolError({
      code: 'unknown-api',
      api: 'RequestHeader',
      version: -1,
      path: 'requestApiKey',
      offset,
      detail,
    });
  }
  return requestHeader.decode(reader, headerVersion, text);
}

/** Writes the header of a request. @throws EncodeError when no API has the key, and as encoding does. */
export function encodeRequestHeader(writer: ByteWriter, header: Init<RequestHeader>): void {
  const { requestApiKey = 0, requestApiVersion = 0 } = header;
  const headerVersion = requestHeaderVersion(requestApiKey, requestApiVersion);
  requestHeader.encode(writer, header, headerVersion ?? unknownApi('RequestHeader', requestApiKey));
}

/** Reads the header of the response to a request of an API and version. @throws ProtocolError as decoding does. */
export function decodeResponseHeader(reader: ByteReader, apiKey: number, version: number): ResponseHeader {
  const headerVersion = responseHeaderVersion(apiKey, version);
  return responseHeader.decode(reader, headerVersion ?? unknownApi('ResponseHeader', apiKey));
}

/** Writes the header of the response to a request of an API and version. @throws EncodeError as encoding does. */
export function encodeResponseHeader(
  writer: ByteWriter,
  header: Init<ResponseHeader>,
  apiKey: number,
  version: number,
): void {
  const headerVersion = responseHeaderVersion(apiKey, version);
  responseHeader.encode(writer, header, headerVersion ?? unknownApi('ResponseHeader', apiKey));
}

function unknownApi(header: string, apiKey: number): never {
  throw new EncodeError({
    code: 'out-of-range',
    api: header,
    version: -1,
    path: '',
    detail: `no API has the key ${apiKey}`,
  });
}
