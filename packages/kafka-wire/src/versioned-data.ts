import { ByteReader, ByteWriter } from '@biquorum/std';
import type { MessageCodec } from './codec/message-codec.ts';
import { ProtocolError } from './protocol-error.ts';
import type { Init } from './schema/init.ts';
import { parseVersions } from './schema/versions.ts';

const VERSION_BYTES = 2;

/**
 * What to do about data in a version newer than all we know: refuse it, or read as much as the newest known version
 * has and leave the rest, as Java does where versions only ever append fields.
 */
export type NewerVersions = 'refuse' | 'read-as-newest';

/** Writes an int16 version and the message in that version. @throws EncodeError as encoding does. */
export function encodeVersioned<Message>(
  codec: MessageCodec<Message>,
  value: Init<Message>,
  version: number,
): Uint8Array {
  const writer = new ByteWriter();
  writer.i16(version);
  codec.encode(writer, value, version);
  return writer.finish();
}

/**
 * Reads an int16 version and the message in that version. Bytes behind it are left alone, as Java does.
 *
 * @throws ProtocolError as decoding does.
 */
export function decodeVersioned<Message>(
  codec: MessageCodec<Message>,
  bytes: Uint8Array,
  newer: NewerVersions = 'refuse',
): Message {
  const reader = new ByteReader(bytes);
  const version = decodeVersion(reader, codec.table.name);
  const { highest } = parseVersions(codec.table.validVersions);
  return codec.decode(reader, version > highest && newer === 'read-as-newest' ? highest : version);
}

/** Reads the int16 in front of data whose type or layout it tells. @throws ProtocolError when it is not there. */
export function decodeVersion(reader: ByteReader, api: string): number {
  const { offset, remaining } = reader;
  if (remaining >= VERSION_BYTES) return reader.i16();
  const detail = `${VERSION_BYTES} bytes wanted, ${remaining} are left`;
  throw new ProtocolError({ code: 'underflow', api, version: -1, path: '', offset, detail });
}
