/**
 * Frames, messages and records as text for people: one field a line, nested by indentation, cut to limits. Importing it
 * loads every table. The text is not meant to be parsed, and may change with any version; `messageJson` is: it gives a
 * message the form that Apache's own tools give it.
 *
 * @packageDocumentation
 */
import type { MessageCodec } from '../codec/message-codec.ts';
import { addRequest, addResponse } from './frame-lines.ts';
import { Lines } from './lines.ts';
import { addMessage } from './message-lines.ts';
import { type DumpOptions, type Limits, limitsOf } from './options.ts';
import { addRecords } from './records-lines.ts';

export { type JsonValue, messageJson } from './message-json.ts';
export type { DumpOptions, RecordContent } from './options.ts';

/**
 * A request: header and body. Bytes that are no request, or end too early, are shown as far as they go, with what is
 * wrong; nothing is thrown for them.
 *
 * @param frame what follows the size of the frame.
 */
export function dumpRequest(frame: Uint8Array, options: DumpOptions = {}): string {
  return text(options, (lines, limits) => addRequest(lines, frame, limits));
}

/**
 * A response: header and body; for bytes that are none, as `dumpRequest`.
 *
 * @param frame what follows the size of the frame.
 * @param apiKey that of the request.
 * @param version that of the request.
 */
export function dumpResponse(frame: Uint8Array, apiKey: number, version: number, options: DumpOptions = {}): string {
  return text(options, (lines, limits) => addResponse(lines, frame, apiKey, version, limits));
}

/** A message as it was decoded from a version, or is to be encoded in it, with all of its fields. */
export function dumpMessage<Message>(
  codec: MessageCodec<Message>,
  message: Message,
  version: number,
  options: DumpOptions = {},
): string {
  return text(options, (lines, limits) => {
    lines.under(`${codec.table.name} v${version}`, () =>
      addMessage(lines, codec, message, version, limits, addRecords),
    );
  });
}

/** Record batches that follow each other, such as the content of a log segment; for other bytes, as `dumpRequest`. */
export function dumpRecords(bytes: Uint8Array, options: DumpOptions = {}): string {
  return text(options, (lines, limits) => addRecords(lines, bytes, limits));
}

function text(options: DumpOptions, add: (lines: Lines, limits: Limits) => void): string {
  const limits = limitsOf(options);
  const lines = new Lines(limits.linesMax);
  add(lines, limits);
  return lines.toString();
}
