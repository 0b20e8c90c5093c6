import { ByteReader } from '@biquorum/std';
import { requestHeaderVersion, responseHeaderVersion } from '../apis.ts';
import type { MessageCodec } from '../codec/message-codec.ts';
import { requestHeader, responseHeader } from '../generated/headers/headers.ts';
import { ProtocolError } from '../protocol-error.ts';
import { messagesByApiKey } from '../registry.ts';
import type { Lines } from './lines.ts';
import { addMessage } from './message-lines.ts';
import type { Limits } from './options.ts';
import { addRecords } from './records-lines.ts';
import { hex } from './scalar.ts';

const KEY_AND_VERSION_BYTES = 4;

/** Adds a request: what follows the size of its frame. */
export function addRequest(lines: Lines, frame: Uint8Array, limits: Limits): void {
  if (frame.length < KEY_AND_VERSION_BYTES) {
    lines.add(`no request: ${hex(frame, limits.bytesMax)}`);
    return;
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const apiKey = view.getInt16(0);
  const version = view.getInt16(2);
  const codec = messagesByApiKey.get(apiKey)?.request;
  const headerVersion = requestHeaderVersion(apiKey, version);
  if (codec === undefined || headerVersion === undefined) {
    lines.add(`request of unknown API ${apiKey} v${version}: ${hex(frame, limits.bytesMax)}`);
    return;
  }
  addFrame(lines, frame, requestHeader, headerVersion, codec, version, limits);
}

/** Adds a response: what follows the size of its frame. Of which API and version it is, only the request tells. */
export function addResponse(lines: Lines, frame: Uint8Array, apiKey: number, version: number, limits: Limits): void {
  const codec = messagesByApiKey.get(apiKey)?.response;
  const headerVersion = responseHeaderVersion(apiKey, version);
  if (codec === undefined || headerVersion === undefined) {
    lines.add(`response of unknown API ${apiKey} v${version}: ${hex(frame, limits.bytesMax)}`);
    return;
  }
  addFrame(lines, frame, responseHeader, headerVersion, codec, version, limits);
}

function addFrame(
  lines: Lines,
  frame: Uint8Array,
  header: MessageCodec<unknown>,
  headerVersion: number,
  body: MessageCodec<unknown>,
  version: number,
  limits: Limits,
): void {
  const reader = new ByteReader(frame);
  lines.under(`${body.table.name} v${version}, ${frame.length} bytes`, () => {
    const parts = [
      { codec: header, version: headerVersion, title: `header v${headerVersion}` },
      { codec: body, version, title: 'body' },
    ];
    for (const part of parts) {
      const start = reader.offset;
      try {
        const message = part.codec.decode(reader, part.version);
        lines.under(part.title, () => addMessage(lines, part.codec, message, part.version, limits, addRecords));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        lines.add(error.message);
        lines.add(`bytes from ${start}: ${hex(frame.subarray(start), limits.bytesMax)}`);
        return;
      }
    }
    if (reader.remaining > 0) lines.add(`left over: ${hex(frame.subarray(reader.offset), limits.bytesMax)}`);
  });
}
