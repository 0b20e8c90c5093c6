import { type Field, type Struct, startsAsNull } from '../schema/schema.ts';
import { ZERO_UUID } from '../uuid.ts';

/** Any message or struct, by field name. */
export type Fields = { [name: string]: unknown };

const NO_BYTES = new Uint8Array(0);
// Shared by everything that is decoded, hence frozen.
const NO_ELEMENTS: readonly unknown[] = Object.freeze([]);
const structDefaults = new WeakMap<Struct, Fields>();

/** The value of a field that nobody set. Shared: never change it. */
export function defaultOf(field: Field): unknown {
  if (startsAsNull(field)) return null;
  if (field.isArray) return NO_ELEMENTS;
  if (typeof field.type !== 'string') return defaultStruct(field.type);
  switch (field.type) {
    case 'bool':
      return field.default ?? false;
    case 'string':
      return field.default ?? '';
    case 'uuid':
      return field.default ?? ZERO_UUID;
    case 'int64':
      return field.wide ? BigInt((field.default as number | undefined) ?? 0) : (field.default ?? 0);
    case 'bytes':
    case 'records':
      return NO_BYTES;
    default:
      return field.default ?? 0;
  }
}

/** The struct with every field at its default. */
export function defaultStruct(struct: Struct): Fields {
  const known = structDefaults.get(struct);
  if (known !== undefined) return known;
  const value = Object.freeze(Object.fromEntries(struct.fields.map((field) => [field.name, defaultOf(field)])));
  structDefaults.set(struct, value);
  return value;
}

/** Whether a value, of whatever type, says the same as leaving the field out. */
export function isDefault(field: Field, value: unknown): boolean {
  if (value === undefined) return true;
  if (value === null || startsAsNull(field)) return value === defaultOf(field);
  if (field.isArray) return (value as ArrayLike<unknown>).length === 0;
  if (typeof field.type !== 'string') return isDefaultStruct(field.type, value as Fields);
  if (field.type === 'bytes') return (value as Uint8Array).byteLength === 0;
  // A wide integer may be given as a number.
  if (field.wide) return value === defaultOf(field) || value === (field.default ?? 0);
  return value === defaultOf(field);
}

/** Whether all fields are at their defaults and no unknown tagged fields are there. */
export function isDefaultStruct(struct: Struct, value: Fields): boolean {
  if (value === structDefaults.get(struct)) return true;
  const unknownTags = (value['unknownTags'] ?? []) as readonly unknown[];
  if (unknownTags.length !== 0) return false;
  return struct.fields.every((field) => isDefault(field, value[field.name]));
}
