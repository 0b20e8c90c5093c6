import type { FieldTable, MessageTable } from '../../src/schema/table.ts';
import { includesVersion, parseVersions } from '../../src/schema/versions.ts';

/** JSON as Java's converters write it; integers that a number cannot hold are bigints. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [name: string]: Json };

/** Unknown tagged fields, tag and hex, by the path of their struct: `topics.0.partitions.2`. */
export type UnknownTags = Readonly<Record<string, readonly (readonly [tag: number, hex: string])[]>>;

type Fields = Record<string, unknown>;

/** Java's value holds an int64 that a field of ours, read as a number, must refuse. */
export class UnsafeInteger extends Error {
  /** The field, as a `ProtocolError` names it. */
  readonly path: string;

  constructor(path: string, integer: number | bigint) {
    super(`${path} is ${integer}`);
    this.path = path.replaceAll(/\.(\d+)/g, '[$1]');
  }
}

/**
 * The value that our decoder must return for what Java's converter says in JSON. Java leaves out fields that the
 * version lacks and tagged fields at their default; ours are all there. Bytes are base64.
 *
 * @throws {UnsafeInteger} when our decoder must refuse the value
 * @throws {Error} when the JSON holds a field that the table lacks, or lacks one that the version has
 */
export function fromJavaJson(table: MessageTable, version: number, json: Json, unknownTags: UnknownTags = {}): Fields {
  return new Reading(table, version, unknownTags).struct(table.fields, json, '');
}

class Reading {
  readonly #table: MessageTable;
  readonly #version: number;
  readonly #unknownTags: UnknownTags;

  constructor(table: MessageTable, version: number, unknownTags: UnknownTags) {
    this.#table = table;
    this.#version = version;
    this.#unknownTags = unknownTags;
  }

  struct(fields: readonly FieldTable[], json: Json, path: string): Fields {
    const given = new Map(Object.entries(json as { readonly [name: string]: Json }));
    const value: Fields = {};
    // As on the wire, where tagged fields come last: of several faults, the first one counts.
    const inOrder = fields.toSorted((a, b) => this.#tagOf(a) - this.#tagOf(b));
    for (const field of inOrder) {
      const below = path === '' ? field.name : `${path}.${field.name}`;
      const found = given.get(field.name);
      given.delete(field.name);
      if (found !== undefined) value[field.name] = this.#field(field, found, below);
      else if (this.#mustBeThere(field)) throw new Error(`Java's JSON lacks ${below}`);
      else value[field.name] = this.#default(field);
    }
    if (given.size > 0) throw new Error(`the table lacks ${path} ${[...given.keys()]}`);
    const unknownTags = this.#unknownTags[path];
    if (unknownTags !== undefined)
      value['unknownTags'] = unknownTags.map(([tag, hex]) => ({ tag, data: fromHex(hex) }));
    return value;
  }

  #tagOf({ taggedVersions, tag = -1 }: FieldTable): number {
    return this.#has(taggedVersions) ? tag : -1;
  }

  #mustBeThere(field: FieldTable): boolean {
    const { versions, taggedVersions } = field;
    return this.#has(versions) && !this.#has(taggedVersions);
  }

  #has(versions: string | undefined): boolean {
    return includesVersion(parseVersions(versions), this.#version);
  }

  #field(field: FieldTable, json: Json, path: string): unknown {
    if (json === null) return null;
    if (!field.type.startsWith('[]')) return this.#element(field, field.type, json, path);
    const type = field.type.slice(2);
    return (json as readonly Json[]).map((element, index) => this.#element(field, type, element, `${path}.${index}`));
  }

  #element(field: FieldTable, type: string, json: Json, path: string): unknown {
    switch (type) {
      case 'bool':
      case 'string':
      case 'uuid':
      case 'int8':
      case 'int16':
      case 'uint16':
      case 'int32':
      case 'uint32':
        return json;
      case 'int64':
        return field.wide ? BigInt(json as number | bigint) : safe(json as number | bigint, path);
      // Java spells what JSON has no numbers for, such as -Infinity, as text.
      case 'float64':
        return Number(json);
      case 'bytes':
      case 'records':
        return new Uint8Array(Buffer.from(json as string, 'base64'));
      default:
        return this.struct(this.#fieldsOf(field, type), json, path);
    }
  }

  #fieldsOf(field: FieldTable, type: string): readonly FieldTable[] {
    const fields = field.fields ?? this.#table.commonStructs?.find((struct) => struct.name === type)?.fields;
    if (fields === undefined) throw new Error(`${this.#table.name}.${field.name} has the unknown type ${type}`);
    return fields;
  }

  #default(field: FieldTable): unknown {
    const { type, default: written } = field;
    if (written === null || type === 'records') return null;
    if (type.startsWith('[]')) return [];
    switch (type) {
      case 'bool':
        return written ?? false;
      case 'string':
        return written ?? '';
      case 'uuid':
        return 'AAAAAAAAAAAAAAAAAAAAAA';
      case 'bytes':
        return new Uint8Array(0);
      case 'int8':
      case 'int16':
      case 'uint16':
      case 'int32':
      case 'uint32':
      case 'float64':
        return written ?? 0;
      case 'int64':
        return field.wide ? BigInt(Number(written ?? 0)) : (written ?? 0);
      default:
        return Object.fromEntries(this.#fieldsOf(field, type).map((inner) => [inner.name, this.#default(inner)]));
    }
  }
}

/** Numbers are exact up to 2^53 − 1; the extremes of int64, "for ever" and "no limit" in Java, stand beside them. */
function safe(integer: number | bigint, path: string): number {
  const value = Number(integer);
  if (Number.isSafeInteger(value) || value === 2 ** 63 || value === -(2 ** 63)) return value;
  throw new UnsafeInteger(path, integer);
}

function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
