import { ByteReader, BytesError, ByteWriter } from '@biquorum/std';
import type { MessageCodec } from './codec/message-codec.ts';
import { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
import type { Init } from './schema/init.ts';

/** The only version of the frame around a record. Source: Java's `AbstractApiMessageSerde`. */
const FRAME_VERSION = 1;

/** A record that was read from its frame. */
export interface TypedRecord {
  readonly codec: MessageCodec<unknown>;
  readonly version: number;
  readonly record: unknown;
}

/** Writes frame version, record type and version as unsigned varints, and the record. */
export function encodeTypedRecord<Record>(
  codec: MessageCodec<Record>,
  record: Init<Record>,
  version: number,
): Uint8Array {
  const writer = new ByteWriter();
  writer.uvarint(FRAME_VERSION);
  writer.uvarint(codec.table.apiKey ?? 0);
  writer.uvarint(version);
  codec.encode(writer, record, version);
  return writer.finish();
}

/**
 * Reads what `encodeTypedRecord` writes; it must fill the bytes.
 *
 * @param kind What to call the record in errors as long as its type is not known.
 * @throws ProtocolError when it is not such a record.
 */
export function decodeTypedRecord(
  codecs: ReadonlyMap<number, MessageCodec<unknown>>,
  bytes: Uint8Array,
  kind: string,
): TypedRecord {
  const reader = new ByteReader(bytes);
  const frameVersion = uvarint(reader, kind, 'frameVersion');
  if (frameVersion !== FRAME_VERSION) {
    throw fault(
      'unsupported-version',
      kind,
      'frameVersion',
      0,
      `frame version ${frameVersion} is not ${FRAME_VERSION}`,
    );
  }
  const { offset } = reader;
  const type = uvarint(reader, kind, 'type');
  const codec = codecs.get(type);
  if (codec === undefined) throw fault('unknown-api', kind, 'type', offset, `no record has the type ${type}`);
  const version = uvarint(reader, kind, 'version');
  const record = codec.decode(reader, version);
  if (reader.remaining === 0) return { codec, version, record };
  const api = codec.table.name;
  const detail = `${reader.remaining} bytes are left over`;
  throw new ProtocolError({ code: 'trailing-bytes', api, version, path: '', offset: reader.offset, detail });
}

function uvarint(reader: ByteReader, kind: string, path: string): number {
  try {
    return reader.uvarint();
  } catch (error) {
    if (!(error instanceof BytesError)) throw error;
    const code = error.code === 'overlong-varint' ? 'overlong-varint' : 'underflow';
    throw fault(code, kind, path, error.offset, 'no varint is here');
  }
}

function fault(code: ProtocolErrorCode, api: string, path: string, offset: number, detail: string): ProtocolError {
  return new ProtocolError({ code, api, version: -1, path, offset, detail });
}
