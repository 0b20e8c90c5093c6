import { ByteWriter, type Payload } from '@biquorum/std';
import { EncodeError, type EncodeErrorCode } from '../encode-error.ts';
import { type Field, type Primitive, presenceOf, type Schema, type Struct } from '../schema/schema.ts';
import { includesVersion } from '../schema/versions.ts';
import { writeUuid } from '../uuid.ts';
import { defaultOf, type Fields, isDefault } from './defaults.ts';
import { FieldPath } from './field-path.ts';
import { bigInt64 } from './int64.ts';
import { goesByReference } from './payload.ts';
import { MAX_STRING_BYTES, utf8BytesOf } from './text.ts';
import type { UnknownTag } from './unknown-tag.ts';

const MAX_TAG = 0x7fff_ffff;

/**
 * Writes a message by walking its schema: the counterpart of `interpretDecode`.
 *
 * @param version One of the schema's valid versions.
 * @throws EncodeError when the value does not fit the version; nothing is written then.
 */
export function interpretEncode(schema: Schema, writer: ByteWriter, value: unknown, version: number): void {
  const body = new ByteWriter();
  const payloads = new Set<Payload>();
  new Encoding(schema, body, payloads, version).struct(schema.root, value);
  append(writer, body, payloads);
}

class Encoding {
  readonly #schema: Schema;
  readonly #version: number;
  readonly #flexible: boolean;
  /** What was inserted by reference. */
  readonly #payloads: Set<Payload>;
  /** Where we are. */
  readonly #path = new FieldPath();
  #writer: ByteWriter;

  constructor(schema: Schema, writer: ByteWriter, payloads: Set<Payload>, version: number) {
    this.#schema = schema;
    this.#writer = writer;
    this.#payloads = payloads;
    this.#version = version;
    this.#flexible = includesVersion(schema.flexible, version);
  }

  struct(struct: Struct, value: unknown): void {
    if (typeof value !== 'object' || value === null) {
      throw this.#error('wrong-type', `${describe(value)} is not an object of type ${struct.name}`);
    }
    const fields = value as Fields;
    for (const field of struct.fields) {
      const presence = presenceOf(field, this.#version);
      if (presence === 'tagged') continue;
      this.#path.enter(field.name);
      if (presence === 'inline') this.#field(field, fields[field.name], false);
      else this.#checkAbsent(field, fields[field.name]);
      this.#path.leave();
    }
    if (this.#flexible) this.#taggedFields(struct, fields);
    else this.#checkNoTags(fields);
  }

  #checkAbsent(field: Field, value: unknown): void {
    if (field.ignorable || this.#isDefault(field, value)) return;
    const remedy = `leave it out or use a version that has ${field.name}`;
    throw this.#error('unsupported-field', `version ${this.#version} cannot carry ${describe(value)}; ${remedy}`);
  }

  #checkNoTags(value: Fields): void {
    if (this.#unknownTagsOf(value).length === 0) return;
    throw this.#error('unsupported-field', `version ${this.#version} has no tagged fields; leave unknownTags out`);
  }

  #taggedFields(struct: Struct, value: Fields): void {
    const known = struct.fields
      .filter((field) => presenceOf(field, this.#version) === 'tagged' && !this.#isDefaultAt(field, value[field.name]))
      .sort((a, b) => a.tag - b.tag);
    const unknown = this.#unknownTagsOf(value);
    this.#checkUnknownTags(struct, unknown);
    this.#writer.uvarint(known.length + unknown.length);
    let next = 0;
    for (const field of known) {
      while (next < unknown.length && (unknown[next] as UnknownTag).tag < field.tag) this.#unknownTag(unknown[next++]);
      this.#path.enter(field.name);
      this.#tag(field.tag, () => this.#field(field, value[field.name], true));
      this.#path.leave();
    }
    while (next < unknown.length) this.#unknownTag(unknown[next++]);
  }

  #unknownTagsOf(value: Fields): readonly UnknownTag[] {
    const unknownTags = value['unknownTags'] ?? [];
    if (Array.isArray(unknownTags) && unknownTags.every((tag) => typeof tag === 'object' && tag !== null)) {
      return unknownTags;
    }
    throw this.#error('wrong-type', `unknownTags is ${describe(unknownTags)}, not an array of tags with their data`);
  }

  /** Java refuses unknown tags that are not ascending, or that this struct defines in some version. */
  #checkUnknownTags(struct: Struct, unknownTags: readonly UnknownTag[]): void {
    let previous = -1;
    for (const { tag, data } of unknownTags) {
      if (!(data instanceof Uint8Array)) {
        throw this.#error(
          'wrong-type',
          `the data of unknown tag ${describe(tag)} is ${describe(data)}, not a Uint8Array`,
        );
      }
      if (!(Number.isInteger(tag) && tag > previous && tag <= MAX_TAG)) {
        throw this.#error(
          'invalid-tags',
          `unknown tag ${describe(tag)} comes after ${previous}; give ascending int32s`,
        );
      }
      const field = struct.fields.find((candidate) => candidate.tag === tag);
      if (field !== undefined) {
        throw this.#error('invalid-tags', `tag ${tag} is that of ${field.name}; set the field instead`);
      }
      previous = tag;
    }
  }

  #unknownTag(unknownTag: UnknownTag | undefined): void {
    if (unknownTag !== undefined) this.#tag(unknownTag.tag, () => this.#writer.bytesOf(unknownTag.data));
  }

  /** Writes tag, size and data, which is written into memory of its own first. */
  #tag(tag: number, write: () => void): void {
    const outer = this.#writer;
    const data = new ByteWriter();
    this.#writer = data;
    write();
    this.#writer = outer;
    outer.uvarint(tag);
    outer.uvarint(data.position);
    append(outer, data, this.#payloads);
  }

  #field(field: Field, given: unknown, tagged: boolean): void {
    const value = given === undefined ? defaultOf(field) : given;
    const nullable = includesVersion(field.nullable, this.#version);
    if (value === null && !nullable) {
      const detail = `${field.name} must not be null in version ${this.#version}; give a value`;
      throw this.#error('unexpected-null', detail);
    }
    if (field.isArray) {
      this.#array(field, value);
    } else if (typeof field.type === 'string') {
      this.#primitive(field, field.type, value);
    } else {
      if (nullable) this.#nullMarker(value === null, tagged);
      if (value !== null) this.struct(field.type, value);
    }
  }

  #nullMarker(isNull: boolean, tagged: boolean): void {
    if (tagged) this.#writer.uvarint(isNull ? 0 : 1);
    else this.#writer.i8(isNull ? -1 : 1);
  }

  #array(field: Field, value: unknown): void {
    if (value === null) {
      this.#length(field, -1, 'array');
      return;
    }
    const elements = value as ArrayLike<unknown>;
    const count = typeof value === 'object' ? elements.length : undefined;
    if (count === undefined || count >>> 0 !== count) {
      throw this.#error('wrong-type', `${describe(value)} is not an array`);
    }
    this.#length(field, count, 'array');
    for (let index = 0; index < count; index++) {
      this.#path.enter(index);
      if (elements[index] === null) throw this.#error('unexpected-null', 'elements must not be null; leave it out');
      if (typeof field.type === 'string') this.#primitive(field, field.type, elements[index]);
      else this.struct(field.type, elements[index]);
      this.#path.leave();
    }
  }

  #primitive(field: Field, type: Primitive, value: unknown): void {
    const writer = this.#writer;
    switch (type) {
      case 'bool':
        if (typeof value !== 'boolean') throw this.#wrongType(type, value);
        writer.i8(value ? 1 : 0);
        break;
      case 'int8':
        writer.i8(this.#integer(type, value, -0x80, 0x7f));
        break;
      case 'int16':
        writer.i16(this.#integer(type, value, -0x8000, 0x7fff));
        break;
      case 'uint16':
        writer.u16(this.#integer(type, value, 0, 0xffff));
        break;
      case 'int32':
        writer.i32(this.#integer(type, value, -0x8000_0000, 0x7fff_ffff));
        break;
      case 'uint32':
        writer.u32(this.#integer(type, value, 0, 0xffff_ffff));
        break;
      case 'int64':
        writer.i64Big(this.#int64(field, value));
        break;
      case 'float64':
        if (typeof value !== 'number') throw this.#wrongType(type, value);
        writer.f64(value);
        break;
      case 'uuid':
        this.#uuid(value);
        break;
      case 'string':
        this.#string(field, value);
        break;
      case 'bytes':
      case 'records':
        this.#bytes(field, type, value);
        break;
    }
  }

  #integer(type: Primitive, value: unknown, least: number, greatest: number): number {
    if (typeof value !== 'number') throw this.#wrongType(type, value);
    if (Number.isInteger(value) && value >= least && value <= greatest) return value;
    throw this.#error('out-of-range', `${value} is not a whole number from ${least} to ${greatest}`);
  }

  #int64(field: Field, value: unknown): bigint {
    if (typeof value === 'number') {
      const exact = bigInt64(value);
      if (exact !== undefined) return exact;
      throw this.#error(
        'out-of-range',
        `${value} is neither a safe integer nor one of the extremes −2^63 and 2^63 − 1`,
      );
    }
    if (!field.wide || typeof value !== 'bigint') throw this.#wrongType('int64', value);
    if (BigInt.asIntN(64, value) !== value) throw this.#error('out-of-range', `${value} has more than 64 bits`);
    return value;
  }

  #uuid(value: unknown): void {
    const bytes = new Uint8Array(16);
    if (typeof value !== 'string') throw this.#wrongType('uuid', value);
    if (!writeUuid(bytes, 0, value)) {
      throw this.#error('out-of-range', `'${value}' is not 16 bytes as 22 characters of base64url`);
    }
    this.#writer.bytesOf(bytes);
  }

  #string(field: Field, value: unknown): void {
    if (value === null) {
      this.#length(field, -1, 'string');
      return;
    }
    if (typeof value !== 'string') throw this.#wrongType('string', value);
    const bytes = utf8BytesOf(value);
    if (bytes.length > MAX_STRING_BYTES) {
      throw this.#error('too-long', `a string has at most ${MAX_STRING_BYTES} bytes, this one ${bytes.length}`);
    }
    this.#length(field, bytes.length, 'string');
    this.#writer.bytesOf(bytes);
  }

  #bytes(field: Field, type: 'bytes' | 'records', value: unknown): void {
    if (value === null) {
      this.#length(field, -1, 'bytes');
      return;
    }
    const payload = value as Payload;
    const size = typeof value === 'object' ? payload.byteLength : undefined;
    if (size === undefined || (size | 0) !== size || size < 0) throw this.#wrongType(type, value);
    this.#length(field, size, 'bytes');
    if (goesByReference(payload, type)) {
      this.#payloads.add(payload);
      this.#writer.external(payload);
    } else {
      this.#writer.bytesOf(value as Uint8Array);
    }
  }

  #length(field: Field, length: number, of: 'array' | 'string' | 'bytes'): void {
    if (includesVersion(field.flexible, this.#version)) this.#writer.uvarint(length + 1);
    else if (of === 'string') this.#writer.i16(length);
    else this.#writer.i32(length);
  }

  #isDefaultAt(field: Field, value: unknown): boolean {
    this.#path.enter(field.name);
    const result = this.#isDefault(field, value);
    this.#path.leave();
    return result;
  }

  /** `isDefault` for a value that may be of any type. */
  #isDefault(field: Field, value: unknown): boolean {
    const isObject = typeof value === 'object' && value !== null;
    const wantsObject = field.isArray || typeof field.type !== 'string' || field.type === 'bytes';
    if (value !== undefined && value !== null && isObject !== wantsObject && field.type !== 'records') {
      throw this.#error('wrong-type', `${describe(value)} is not a value of ${field.name}`);
    }
    return isDefault(field, value);
  }

  #wrongType(type: Primitive, value: unknown): EncodeError {
    return this.#error('wrong-type', `${describe(value)} is not a value of type ${type}`);
  }

  #error(code: EncodeErrorCode, detail: string): EncodeError {
    const path = String(this.#path);
    return new EncodeError({ code, api: this.#schema.name, version: this.#version, path, detail });
  }
}

function append(writer: ByteWriter, written: ByteWriter, payloads: ReadonlySet<Payload>): void {
  for (const segment of written.segments()) {
    if (payloads.has(segment)) writer.external(segment);
    else writer.bytesOf(segment as Uint8Array);
  }
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  return String(value);
}
