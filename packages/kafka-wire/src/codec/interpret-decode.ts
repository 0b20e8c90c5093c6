import { type ByteReader, BytesError } from '@biquorum/std';
import { ProtocolError, type ProtocolErrorCode } from '../protocol-error.ts';
import { type Field, type Primitive, presenceOf, type Schema, type Struct } from '../schema/schema.ts';
import { includesVersion } from '../schema/versions.ts';
import { readUuid } from '../uuid.ts';
import { defaultOf, type Fields } from './defaults.ts';
import { FieldPath } from './field-path.ts';
import { int64FromHalves } from './int64.ts';
import { minimalElementSize } from './minimal-size.ts';
import { MAX_STRING_BYTES } from './text.ts';
import type { UnknownTag } from './unknown-tag.ts';

/**
 * Reads a message by walking its schema. Slow and plain: the measure for the generated decoders, their stand-in where
 * code must not be generated, and the one that finds out which field is to blame when they fail.
 *
 * @param version One of the schema's valid versions.
 * @throws ProtocolError when the bytes are not such a message.
 */
export function interpretDecode(schema: Schema, reader: ByteReader, version: number): Fields {
  const decoding = new Decoding(schema, reader, version);
  try {
    return decoding.struct(schema.root);
  } catch (error) {
    throw error instanceof BytesError ? decoding.explain(error) : error;
  }
}

class Decoding {
  readonly #schema: Schema;
  readonly #reader: ByteReader;
  readonly #version: number;
  readonly #flexible: boolean;
  /** Where we are; after a failure, where it was. */
  readonly #path = new FieldPath();

  constructor(schema: Schema, reader: ByteReader, version: number) {
    this.#schema = schema;
    this.#reader = reader;
    this.#version = version;
    this.#flexible = includesVersion(schema.flexible, version);
  }

  struct(struct: Struct): Fields {
    const value: Fields = {};
    for (const field of struct.fields) {
      if (presenceOf(field, this.#version) === 'inline') this.#fieldInto(value, field, false);
      else value[field.name] = defaultOf(field);
    }
    if (this.#flexible) this.#taggedFields(struct, value);
    return value;
  }

  /** What the reader found wrong, at the place where we are. */
  explain(error: BytesError): ProtocolError {
    if (error.code === 'overlong-varint') {
      return this.#error('overlong-varint', error.offset, 'a varint goes on after five bytes');
    }
    return this.#error('underflow', error.offset, `${error.wanted} bytes wanted, ${error.available} are left`);
  }

  /** Java reads known tags in any order and as often as they come, and does not look at their sizes; so do we. */
  #taggedFields(struct: Struct, value: Fields): void {
    const unknownTags: UnknownTag[] = [];
    for (let left = this.#signedVarint(); left > 0; left--) {
      const start = this.#reader.offset;
      const tag = this.#reader.uvarint();
      const size = this.#signedVarint();
      const field = struct.fields.find((candidate) => candidate.tag === tag);
      if (field === undefined) {
        if (size < 0) throw this.#error('invalid-length', start, `tagged field ${tag} has a size of 2^31 or more`);
        unknownTags.push({ tag, data: this.#take(size) });
      } else if (presenceOf(field, this.#version) === 'tagged') {
        this.#fieldInto(value, field, true);
      } else {
        throw this.#error('invalid-tag', start, `tag ${tag} (${field.name}) is not one of version ${this.#version}`);
      }
    }
    if (unknownTags.length > 0) value['unknownTags'] = unknownTags;
  }

  #fieldInto(value: Fields, field: Field, tagged: boolean): void {
    this.#path.enter(field.name);
    value[field.name] = this.#field(field, tagged);
    this.#path.leave();
  }

  #field(field: Field, tagged: boolean): unknown {
    if (field.isArray) return this.#array(field);
    const nullable = this.#mayBeNull(field);
    if (typeof field.type === 'string') return this.#primitive(field, field.type, nullable);
    // As a tagged field the marker is a varint, 0 for null.
    const present = !nullable || (tagged ? this.#signedVarint() > 0 : this.#reader.i8() >= 0);
    return present ? this.struct(field.type) : null;
  }

  #array(field: Field): unknown[] | null {
    const start = this.#reader.offset;
    const count = this.#isCompact(field) ? this.#compactLength() : this.#reader.i32();
    if (count < 0) return this.#null(field, start, this.#mayBeNull(field));
    const { remaining } = this.#reader;
    const minimum = minimalElementSize(this.#schema, field, this.#version);
    if (count * minimum > remaining) {
      const detail = `${count} elements of at least ${minimum} bytes do not fit into the ${remaining} bytes left`;
      throw this.#error('invalid-count', start, detail);
    }
    const elements: unknown[] = [];
    for (let index = 0; index < count; index++) {
      this.#path.enter(index);
      elements.push(
        typeof field.type === 'string' ? this.#primitive(field, field.type, false) : this.struct(field.type),
      );
      this.#path.leave();
    }
    return elements;
  }

  #primitive(field: Field, type: Primitive, nullable: boolean): unknown {
    const reader = this.#reader;
    switch (type) {
      case 'bool':
        return reader.i8() !== 0;
      case 'int8':
        return reader.i8();
      case 'int16':
        return reader.i16();
      case 'uint16':
        return reader.u16();
      case 'int32':
        return reader.i32();
      case 'uint32':
        return reader.u32();
      case 'int64':
        return field.wide ? reader.i64Big() : this.#safeInt64();
      case 'float64':
        return reader.f64();
      case 'uuid':
        reader.skip(16);
        return readUuid(reader.view, reader.offset - 16);
      case 'string':
        return this.#string(field, nullable);
      case 'bytes':
      case 'records':
        return this.#bytes(field, nullable);
    }
  }

  #safeInt64(): number {
    const reader = this.#reader;
    const start = reader.offset;
    const low = reader.i64Low();
    const value = int64FromHalves(reader.high, low);
    if (value !== undefined) return value;
    const exact = (BigInt(reader.high) << 32n) | BigInt(low);
    throw this.#error('unsafe-integer', start, `${exact} is beyond ±(2^53 − 1)`);
  }

  #string(field: Field, nullable: boolean): string | null {
    const start = this.#reader.offset;
    const length = this.#isCompact(field) ? this.#compactLength() : this.#reader.i16();
    if (length < 0) return this.#null(field, start, nullable);
    if (length > MAX_STRING_BYTES) {
      throw this.#error('invalid-length', start, `a string has at most ${MAX_STRING_BYTES} bytes, not ${length}`);
    }
    return this.#reader.utf8(length, 'replace');
  }

  #bytes(field: Field, nullable: boolean): Uint8Array | null {
    const start = this.#reader.offset;
    const length = this.#isCompact(field) ? this.#compactLength() : this.#reader.i32();
    return length < 0 ? this.#null(field, start, nullable) : this.#take(length);
  }

  /** A view that is a plain Uint8Array even when the reader's bytes are a Buffer. */
  #take(length: number): Uint8Array {
    const { bytes, offset } = this.#reader;
    this.#reader.skip(length);
    return new Uint8Array(bytes.buffer, bytes.byteOffset + offset, length);
  }

  /** A varint as Java reads it: from 2^31 on negative, which for a count of tagged fields means none. */
  #signedVarint(): number {
    return this.#reader.uvarint() | 0;
  }

  /** A compact length; any negative one means null, as with classic lengths. */
  #compactLength(): number {
    return (this.#reader.uvarint() - 1) | 0;
  }

  #null(field: Field, start: number, nullable: boolean): null {
    if (nullable) return null;
    throw this.#error('unexpected-null', start, `${field.name} must not be null in version ${this.#version}`);
  }

  #mayBeNull(field: Field): boolean {
    return includesVersion(field.nullable, this.#version);
  }

  #isCompact(field: Field): boolean {
    return includesVersion(field.flexible, this.#version);
  }

  #error(code: ProtocolErrorCode, offset: number, detail: string): ProtocolError {
    const path = String(this.#path);
    return new ProtocolError({ code, api: this.#schema.name, version: this.#version, path, offset, detail });
  }
}
