import { type Field, fixedSizeOf, presenceOf, type Schema, type Struct } from '../schema/schema.ts';
import { includesVersion } from '../schema/versions.ts';

/** The least bytes that a struct takes in a version. */
export function minimalStructSize(schema: Schema, struct: Struct, version: number): number {
  let size = includesVersion(schema.flexible, version) ? 1 : 0;
  for (const field of struct.fields) {
    if (presenceOf(field, version) === 'inline') size += minimalFieldSize(schema, field, version);
  }
  return size;
}

/**
 * The least bytes that one element of the field's array takes; at least one, so that a count can always be held
 * against the bytes that are left.
 */
export function minimalElementSize(schema: Schema, field: Field, version: number): number {
  if (typeof field.type !== 'string') return Math.max(1, minimalStructSize(schema, field.type, version));
  return fixedSizeOf(field.type) ?? lengthSize(field, version, field.type === 'string' ? 2 : 4);
}

function minimalFieldSize(schema: Schema, field: Field, version: number): number {
  if (field.isArray) return lengthSize(field, version, 4);
  if (typeof field.type !== 'string') {
    return includesVersion(field.nullable, version) ? 1 : minimalStructSize(schema, field.type, version);
  }
  return fixedSizeOf(field.type) ?? lengthSize(field, version, field.type === 'string' ? 2 : 4);
}

/** Bytes of the length in front of an empty value. */
function lengthSize(field: Field, version: number, classicSize: number): number {
  return includesVersion(field.flexible, version) ? 1 : classicSize;
}
