import { type ByteReader, BytesError } from '@biquorum/std';
import { ProtocolError, type ProtocolErrorCode } from '../protocol-error.ts';
import { type Field, type Primitive, presenceOf, type Schema, type Struct } from '../schema/schema.ts';
import { includesVersion } from '../schema/versions.ts';
import { readUuid } from '../uuid.ts';
import { defaultOf, type Fields } from './defaults.ts';
import { int64FromHalves } from './int64.ts';
import { minimalElementSize } from './minimal-size.ts';
import type { UnknownTag } from './unknown-tag.ts';

const MAX_STRING_BYTES = 0x7fff;

/**
 * Reads a message by walking its schema. Slow and plain: the measure for the generated decoders, their stand-in where
 * code must not be generated, and the one that finds out which field is to blame when they fail.
 *
 * @param version One of the schema's valid versions.
 * @throws ProtocolError when the bytes are not such a message.
 */
export function interpretDecode(schema: Schema, reader: ByteReader, version: number): Fields {
  return new Decoding(schema, reader, version).struct(schema.root, '');
}

class Decoding {
  readonly #schema: Schema;
  readonly #reader: ByteReader;
  readonly #version: number;
  readonly #flexible: boolean;

  constructor(schema: Schema, reader: ByteReader, version: number) {
    this.#schema = schema;
    this.#reader = reader;
    this.#version = version;
    this.#flexible = includesVersion(schema.flexible, version);
  }

  struct(struct: Struct, path: string): Fields {
    const value: Fields = {};
    for (const field of struct.fields) {
      const inline = presenceOf(field, this.#version) === 'inline';
      value[field.name] = inline ? this.#field(field, join(path, field.name), false) : defaultOf(field);
    }
    if (this.#flexible) this.#taggedFields(struct, value, path);
    return value;
  }

  /** Java reads known tags in any order and as often as they come, and does not look at their sizes; so do we. */
  #taggedFields(struct: Struct, value: Fields, path: string): void {
    const unknownTags: UnknownTag[] = [];
    // Java's counter is signed: a count from 2^31 on means none.
    const count = this.#read(path, (reader) => reader.uvarint() | 0);
    for (let left = count; left > 0; left--) {
      const start = this.#reader.offset;
      const tag = this.#read(path, (reader) => reader.uvarint());
      const size = this.#read(path, (reader) => reader.uvarint() | 0);
      const field = struct.fields.find((candidate) => candidate.tag === tag);
      if (field === undefined) {
        if (size < 0)
          throw this.#error('invalid-length', path, start, `tagged field ${tag} has a size of 2^31 or more`);
        unknownTags.push({ tag, data: this.#take(size, path) });
      } else if (presenceOf(field, this.#version) === 'tagged') {
        value[field.name] = this.#field(field, join(path, field.name), true);
      } else {
        throw this.#error(
          'invalid-tag',
          path,
          start,
          `tag ${tag} (${field.name}) is not one of version ${this.#version}`,
        );
      }
    }
    if (unknownTags.length > 0) value['unknownTags'] = unknownTags;
  }

  #field(field: Field, path: string, tagged: boolean): unknown {
    if (field.isArray) return this.#array(field, path);
    if (typeof field.type === 'string') return this.#primitive(field, field.type, path, this.#mayBeNull(field));
    if (this.#mayBeNull(field)) {
      // As a tagged field the marker is a varint, 0 for null.
      const present = this.#read(path, (reader) => (tagged ? (reader.uvarint() | 0) > 0 : reader.i8() >= 0));
      if (!present) return null;
    }
    return this.struct(field.type, path);
  }

  #array(field: Field, path: string): unknown[] | null {
    const start = this.#reader.offset;
    const count = this.#length(field, path, 'array');
    if (count < 0) return this.#null(field, path, start, this.#mayBeNull(field));
    const minimum = minimalElementSize(this.#schema, field, this.#version);
    if (count * minimum > this.#reader.remaining) {
      const detail = `${count} elements of at least ${minimum} bytes do not fit into the ${this.#reader.remaining} bytes left`;
      throw this.#error('invalid-count', path, start, detail);
    }
    const elements: unknown[] = [];
    for (let index = 0; index < count; index++) {
      const at = `${path}[${index}]`;
      elements.push(
        typeof field.type === 'string' ? this.#primitive(field, field.type, at, false) : this.struct(field.type, at),
      );
    }
    return elements;
  }

  #primitive(field: Field, type: Primitive, path: string, nullable: boolean): unknown {
    switch (type) {
      case 'bool':
        return this.#read(path, (reader) => reader.i8() !== 0);
      case 'int8':
        return this.#read(path, (reader) => reader.i8());
      case 'int16':
        return this.#read(path, (reader) => reader.i16());
      case 'uint16':
        return this.#read(path, (reader) => reader.u16());
      case 'int32':
        return this.#read(path, (reader) => reader.i32());
      case 'uint32':
        return this.#read(path, (reader) => reader.u32());
      case 'int64':
        return field.wide ? this.#read(path, (reader) => reader.i64Big()) : this.#safeInt64(path);
      case 'float64':
        return this.#read(path, (reader) => reader.f64());
      case 'uuid':
        return this.#uuid(path);
      case 'string':
        return this.#string(field, path, nullable);
      case 'bytes':
      case 'records':
        return this.#bytes(field, path, nullable);
    }
  }

  #safeInt64(path: string): number {
    const start = this.#reader.offset;
    const low = this.#read(path, (reader) => reader.i64Low());
    const value = int64FromHalves(this.#reader.high, low);
    if (value !== undefined) return value;
    const exact = (BigInt(this.#reader.high) << 32n) | BigInt(low);
    throw this.#error('unsafe-integer', path, start, `${exact} is beyond ±(2^53 − 1)`);
  }

  #uuid(path: string): string {
    const start = this.#reader.offset;
    this.#read(path, (reader) => reader.skip(16));
    return readUuid(this.#reader.view, start);
  }

  #string(field: Field, path: string, nullable: boolean): string | null {
    const start = this.#reader.offset;
    const length = this.#length(field, path, 'string');
    if (length < 0) return this.#null(field, path, start, nullable);
    if (length > MAX_STRING_BYTES) {
      throw this.#error('invalid-length', path, start, `a string has at most ${MAX_STRING_BYTES} bytes, not ${length}`);
    }
    return this.#read(path, (reader) => reader.utf8(length, 'replace'));
  }

  #bytes(field: Field, path: string, nullable: boolean): Uint8Array | null {
    const start = this.#reader.offset;
    const length = this.#length(field, path, 'bytes');
    if (length < 0) return this.#null(field, path, start, nullable);
    return this.#take(length, path);
  }

  /** A view that is a plain Uint8Array even when the reader's bytes are a Buffer. */
  #take(length: number, path: string): Uint8Array {
    const { bytes, offset } = this.#reader;
    this.#read(path, (reader) => reader.skip(length));
    return new Uint8Array(bytes.buffer, bytes.byteOffset + offset, length);
  }

  /** A length; any negative one means null, as in Java, where compact lengths are signed too. */
  #length(field: Field, path: string, of: 'array' | 'string' | 'bytes'): number {
    return this.#read(path, (reader) => {
      if (includesVersion(field.flexible, this.#version)) return (reader.uvarint() - 1) | 0;
      return of === 'string' ? reader.i16() : reader.i32();
    });
  }

  #null(field: Field, path: string, start: number, nullable: boolean): null {
    if (nullable) return null;
    throw this.#error('unexpected-null', path, start, `${field.name} must not be null in version ${this.#version}`);
  }

  #mayBeNull(field: Field): boolean {
    return includesVersion(field.nullable, this.#version);
  }

  #read<T>(path: string, read: (reader: ByteReader) => T): T {
    try {
      return read(this.#reader);
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      if (error.code === 'overlong-varint') {
        throw this.#error('overlong-varint', path, error.offset, 'a varint goes on after five bytes');
      }
      throw this.#error('underflow', path, error.offset, `${error.wanted} bytes wanted, ${error.available} are left`);
    }
  }

  #error(code: ProtocolErrorCode, path: string, offset: number, detail: string): ProtocolError {
    return new ProtocolError({ code, api: this.#schema.name, version: this.#version, path, offset, detail });
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
