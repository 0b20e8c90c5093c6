import { assert } from '@biquorum/std';
import type { FieldDefault, FieldTable, MessageTable } from './table.ts';
import { coversVersions, includesVersion, isEmptyRange, parseVersions, type VersionRange } from './versions.ts';

/** A type that is not made of fields. */
export type Primitive = keyof typeof PRIMITIVES;

/** Bytes of each fixed-size type; undefined for the others. */
const PRIMITIVES = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  uint32: 4,
  int32: 4,
  int64: 8,
  float64: 8,
  uuid: 16,
  string: undefined,
  bytes: undefined,
  records: undefined,
} as const;

/** A field with its ranges parsed and its type resolved. */
export interface Field {
  readonly name: string;
  /** A primitive type or a struct; with `isArray`, that of the elements. */
  readonly type: Primitive | Struct;
  readonly isArray: boolean;
  readonly versions: VersionRange;
  readonly nullable: VersionRange;
  readonly tagged: VersionRange;
  /** −1 for a field that is never tagged. */
  readonly tag: number;
  readonly flexible: VersionRange;
  /** As in the table; undefined for the zero of the type. */
  readonly default: FieldDefault | undefined;
  readonly ignorable: boolean;
  readonly wide: boolean;
}

export interface Struct {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** A message table, resolved. */
export interface Schema {
  readonly name: string;
  readonly valid: VersionRange;
  readonly flexible: VersionRange;
  readonly root: Struct;
}

/** How a field stands in one version of its message. */
export type Presence = 'absent' | 'inline' | 'tagged';

export function presenceOf(field: Field, version: number): Presence {
  if (!includesVersion(field.versions, version)) return 'absent';
  return includesVersion(field.tagged, version) ? 'tagged' : 'inline';
}

/** Bytes of a fixed-size primitive; undefined for types whose size depends on the value. */
export function fixedSizeOf(type: Primitive | Struct): number | undefined {
  return typeof type === 'string' ? PRIMITIVES[type] : undefined;
}

/** Whether the field may be null in any version. */
export function isNullable(field: Field): boolean {
  return !isEmptyRange(field.nullable);
}

/** Whether the field's default is null; that of records always is, as in Java. */
export function startsAsNull(field: Field): boolean {
  return field.default === null || field.type === 'records';
}

/** Resolves a table. @throws AssertionError when the table contradicts itself. */
export function resolveSchema(table: MessageTable): Schema {
  const flexible = parseVersions(table.flexibleVersions);
  const common = new Map<string, Struct>();
  const resolveFields = (rows: readonly FieldTable[], path: string): Field[] =>
    rows.map((row) => resolveField(row, `${path}.${row.name}`));
  const resolveField = (row: FieldTable, path: string): Field => {
    const isArray = row.type.startsWith('[]');
    const typeName = isArray ? row.type.slice(2) : row.type;
    const field: Field = {
      name: row.name,
      type: isPrimitive(typeName) ? typeName : structOf(row, typeName, path),
      isArray,
      versions: parseVersions(row.versions),
      nullable: parseVersions(row.nullableVersions),
      tagged: parseVersions(row.taggedVersions),
      tag: row.tag ?? -1,
      flexible: row.flexibleVersions === undefined ? flexible : parseVersions(row.flexibleVersions),
      default: row.default,
      ignorable: row.ignorable ?? false,
      wide: row.wide ?? false,
    };
    checkField(field, flexible, path);
    return field;
  };
  const structOf = (row: FieldTable, name: string, path: string): Struct => {
    if (row.fields !== undefined) return { name, fields: resolveFields(row.fields, path) };
    const known = common.get(name);
    if (known !== undefined) return known;
    const shared = table.commonStructs?.find((struct) => struct.name === name);
    assert(
      shared !== undefined,
      () => `${path} has type ${name}, which is neither a primitive nor a struct of the message`,
    );
    const struct: Struct = { name, fields: resolveFields(shared.fields, `${table.name}:${name}`) };
    common.set(name, struct);
    return struct;
  };
  const root: Struct = { name: table.name, fields: resolveFields(table.fields, table.name) };
  return { name: table.name, valid: parseVersions(table.validVersions), flexible, root };
}

function isPrimitive(name: string): name is Primitive {
  return name in PRIMITIVES;
}

function checkField(field: Field, flexible: VersionRange, path: string): void {
  assert(coversVersions(field.versions, field.tagged), () => `${path} is tagged in versions that lack it`);
  assert(coversVersions(flexible, field.tagged), () => `${path} is tagged in versions that are not flexible`);
  assert(isEmptyRange(field.tagged) === field.tag < 0, () => `${path} needs both tag and taggedVersions, or neither`);
  assert(field.type !== 'records' || isEmptyRange(field.tagged), () => `${path} holds records and so cannot be tagged`);
  assert(
    field.default !== null || coversVersions(field.nullable, field.versions),
    () => `${path} starts as null, but not all of its versions allow that`,
  );
}
