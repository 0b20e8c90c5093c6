import fc from 'fast-check';
import type { Fields } from '../../src/codec/defaults.ts';
import { type Field, type Primitive, presenceOf, type Schema, type Struct } from '../../src/schema/schema.ts';
import { includesVersion } from '../../src/schema/versions.ts';
import { uuidFromBytes } from '../../src/uuid.ts';

/**
 * Values of a message that one version can carry: each field of the version is there or left out, null where that is
 * allowed; flexible structs may have unknown tagged fields. All records and bytes are in memory.
 */
export function arbitraryMessage(schema: Schema, version: number): fc.Arbitrary<Fields> {
  return arbitraryStruct(schema, schema.root, version);
}

function arbitraryStruct(schema: Schema, struct: Struct, version: number): fc.Arbitrary<Fields> {
  const fields = struct.fields.filter((field) => presenceOf(field, version) !== 'absent');
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of fields) model[field.name] = arbitraryField(schema, field, version);
  if (includesVersion(schema.flexible, version)) model['unknownTags'] = arbitraryUnknownTags(struct);
  // Records start as null, so they must be given where null is not allowed.
  const requiredKeys = fields.filter((field) => field.type === 'records').map((field) => field.name);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

function arbitraryUnknownTags(struct: Struct): fc.Arbitrary<unknown> {
  const known = struct.fields.map((field) => field.tag);
  const tag = fc.oneof(fc.nat(200), fc.nat(0x7fff_ffff)).filter((candidate) => !known.includes(candidate));
  const data = fc.uint8Array({ maxLength: 200 });
  const field = fc.record({ tag, data }, { noNullPrototype: true });
  return fc
    .uniqueArray(field, { selector: (candidate) => candidate.tag, maxLength: 3 })
    .map((list) => list.sort((a, b) => a.tag - b.tag));
}

function arbitraryField(schema: Schema, field: Field, version: number): fc.Arbitrary<unknown> {
  const element =
    typeof field.type === 'string'
      ? arbitraryPrimitive(field, field.type)
      : arbitraryStruct(schema, field.type, version);
  const value = field.isArray ? fc.array(element, { maxLength: 3 }) : element;
  return includesVersion(field.nullable, version) ? fc.option(value, { nil: null, freq: 3 }) : value;
}

const TWO_63 = 2n ** 63n;

function arbitraryPrimitive(field: Field, type: Primitive): fc.Arbitrary<unknown> {
  switch (type) {
    case 'bool':
      return fc.boolean();
    case 'int8':
      return fc.integer({ min: -0x80, max: 0x7f });
    case 'int16':
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case 'uint16':
      return fc.integer({ min: 0, max: 0xffff });
    case 'int32':
      return fc.integer();
    case 'uint32':
      return fc.integer({ min: 0, max: 0xffff_ffff });
    case 'int64':
      if (field.wide) return fc.bigInt({ min: -TWO_63, max: TWO_63 - 1n });
      return fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constantFrom(-(2 ** 63), 2 ** 63));
    case 'float64':
      return fc.double({ noNaN: true });
    case 'string':
      // Around 127 bytes a compact length takes a second byte.
      return fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 120, maxLength: 130 }));
    case 'bytes':
      return fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 120, maxLength: 130 }));
    case 'records':
      // Beyond a kilobyte records go by reference.
      return fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 1020, maxLength: 1030 }));
    case 'uuid':
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map(uuidFromBytes);
  }
}
