import { assert, ByteReader, ByteWriter } from '@biquorum/std';
import { EncodeError } from '../encode-error.ts';
import { ProtocolError, type ProtocolErrorCode } from '../protocol-error.ts';
import type { Init } from '../schema/init.ts';
import { resolveSchema, type Schema } from '../schema/schema.ts';
import type { MessageTable } from '../schema/table.ts';
import { includesVersion, parseVersions } from '../schema/versions.ts';
import { type CompiledDecoder, type CompiledEncoder, canCompile, compileDecoder, compileEncoder } from './compile.ts';
import { FAULT } from './decode-runtime.ts';
import { interpretDecode } from './interpret-decode.ts';
import { interpretEncode } from './interpret-encode.ts';
import { giveBackScratch, type Scratch, takeScratch } from './scratch.ts';
import { plainText, type TextReader } from './text.ts';

/** Reads and writes one message in all of its versions. */
export interface MessageCodec<Message> {
  /** Everything known about the message. */
  readonly table: MessageTable;
  readonly lowestVersion: number;
  readonly highestVersion: number;

  /**
   * Reads a message and leaves the reader behind it. Fields that the version lacks hold their defaults. Bytes, records
   * and unknown tagged fields are views into the reader's bytes; nothing inside records is looked at.
   *
   * @param text What makes strings out of bytes, such as a `StringInterner`; they are decoded anew by default.
   * @throws ProtocolError when the bytes are not such a message, or there is no such version; nothing else.
   */
  decode(reader: ByteReader, version: number, text?: TextReader): Message;

  /** Reads a message that fills the bytes. @throws ProtocolError as `decode`, and for bytes left over. */
  fromBytes(bytes: Uint8Array, version: number): Message;

  /**
   * Writes a message. What is left out takes its default; so does a field that the version lacks, if it may be dropped.
   * Payloads, and records of more than a kilobyte, go into the writer by reference.
   *
   * @throws EncodeError when the value does not fit the version; nothing is written then.
   * @throws BytesError when the writer's cap would be exceeded.
   */
  encode(writer: ByteWriter, value: Init<Message>, version: number): void;

  /**
   * Writes a message into bytes of its own, records included.
   *
   * @throws EncodeError as `encode`.
   * @throws AssertionError when the value holds a payload that is not in memory.
   */
  toBytes(value: Init<Message>, version: number): Uint8Array;
}

/**
 * The codec of a table. Making it costs nothing: the table is looked into at first use, and straight-line code for a
 * version is generated when that version is first read or written.
 */
export function codec<Message>(table: MessageTable): MessageCodec<Message> {
  return new TableCodec<Message>(table);
}

/** The codec of a table; what it can besides is for the other modules of this package. */
export class TableCodec<Message> implements MessageCodec<Message> {
  readonly table: MessageTable;
  readonly #decoders: (CompiledDecoder | undefined)[] = [];
  readonly #encoders: (CompiledEncoder | undefined)[] = [];
  #schema: Schema | undefined;

  constructor(table: MessageTable) {
    this.table = table;
  }

  get lowestVersion(): number {
    return parseVersions(this.table.validVersions).lowest;
  }

  get highestVersion(): number {
    return parseVersions(this.table.validVersions).highest;
  }

  decode(reader: ByteReader, version: number, text: TextReader = plainText): Message {
    const start = reader.offset;
    const decoder = this.#decoders[version] ?? this.#decoder(version, start);
    try {
      return decoder(reader, text) as Message;
    } catch (error) {
      reader.offset = start;
      throw this.#decodeError(reader, version, error);
    }
  }

  fromBytes(bytes: Uint8Array, version: number): Message {
    const reader = new ByteReader(bytes);
    const message = this.decode(reader, version);
    if (reader.remaining === 0) return message;
    throw this.#protocolError('trailing-bytes', version, reader.offset, `${reader.remaining} bytes are left over`);
  }

  encode(writer: ByteWriter, value: Init<Message>, version: number): void {
    const scratch = takeScratch();
    try {
      this.append(scratch, value, version);
      scratch.flush(writer);
    } finally {
      giveBackScratch(scratch);
    }
  }

  toBytes(value: Init<Message>, version: number): Uint8Array {
    const scratch = takeScratch();
    try {
      this.append(scratch, value, version);
      return scratch.toBytes();
    } finally {
      giveBackScratch(scratch);
    }
  }

  append(scratch: Scratch, value: Init<Message>, version: number): void {
    const encoder = this.#encoders[version] ?? this.#encoder(version);
    try {
      encoder(scratch, value);
    } catch (error) {
      throw this.#encodeError(value, version, error);
    }
  }

  #decoder(version: number, offset: number): CompiledDecoder {
    const schema = this.#resolved();
    if (!this.#has(version)) throw this.#protocolError('unsupported-version', version, offset, this.#versionsText());
    const decoder: CompiledDecoder = canCompile()
      ? compileDecoder(schema, version)
      : (reader) => interpretDecode(schema, reader, version);
    this.#decoders[version] = decoder;
    return decoder;
  }

  #encoder(version: number): CompiledEncoder {
    const schema = this.#resolved();
    if (!this.#has(version)) {
      const detail = this.#versionsText();
      throw new EncodeError({ code: 'unsupported-version', api: this.table.name, version, path: '', detail });
    }
    const encoder: CompiledEncoder = canCompile()
      ? compileEncoder(schema, version)
      : (scratch, value) => scratch.interpret((writer) => interpretEncode(schema, writer, value, version));
    this.#encoders[version] = encoder;
    return encoder;
  }

  #has(version: number): boolean {
    return Number.isInteger(version) && includesVersion(this.#resolved().valid, version);
  }

  #resolved(): Schema {
    this.#schema ??= resolveSchema(this.table);
    return this.#schema;
  }

  /** The good path keeps no account of where it is; the interpreter does, and fails at the same place. */
  #decodeError(reader: ByteReader, version: number, error: unknown): unknown {
    if (error instanceof ProtocolError) return error;
    const start = reader.offset;
    try {
      interpretDecode(this.#resolved(), reader, version);
    } catch (explanation) {
      return explanation;
    } finally {
      reader.offset = start;
    }
    assert(
      error !== FAULT,
      () => `the generated decoder of ${this.table.name} v${version} refuses what the interpreter reads`,
    );
    return error;
  }

  #encodeError(value: unknown, version: number, error: unknown): unknown {
    if (error instanceof EncodeError) return error;
    try {
      interpretEncode(this.#resolved(), new ByteWriter(), value, version);
    } catch (explanation) {
      return explanation;
    }
    assert(
      error !== FAULT,
      () => `the generated encoder of ${this.table.name} v${version} refuses what the interpreter writes`,
    );
    return error;
  }

  #protocolError(code: ProtocolErrorCode, version: number, offset: number, detail: string): ProtocolError {
    return new ProtocolError({ code, api: this.table.name, version, path: '', offset, detail });
  }

  #versionsText(): string {
    return `there is no such version; valid are ${this.table.validVersions}`;
  }
}
