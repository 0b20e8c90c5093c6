import { ZnodeError } from './znode-error.ts';

/** Plain JSON; objects are written in the order of their keys as pairs say, since numbers as keys would move to the front. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** An object with its keys in order. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes as Jackson does: no spaces, characters outside the basic plane and controls escaped. */
export function toJsonBytes(value: JsonValue): Uint8Array {
  return encoder.encode(jsonText(value));
}

/** Text of a znode. */
export function textOf(data: Uint8Array | null): string {
  return data === null ? '' : decoder.decode(data);
}

/** Bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** An object of a znode, ready to be read field by field. @throws ZnodeError */
export function readObject(what: string, data: Uint8Array | null): JsonReader {
  const text = textOf(data);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ZnodeError(what, text, 'no JSON');
  }
  if (!isObject(value)) throw new ZnodeError(what, text, 'no object');
  return new JsonReader(what, text, value);
}

/** Reads fields of an object and says what is wrong with them; fields that nobody reads may be there. */
export class JsonReader {
  readonly #what: string;
  readonly #text: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(what: string, text: string, fields: Readonly<Record<string, unknown>>) {
    this.#what = what;
    this.#text = text;
    this.#fields = fields;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name) && this.#fields[name] !== null;
  }

  keys(): readonly string[] {
    return Object.keys(this.#fields);
  }

  /** An integer; @throws ZnodeError */
  int(name: string): number {
    const value = this.#field(name);
    if (!Number.isSafeInteger(value)) throw this.fault(`"${name}" is no integer`);
    return value as number;
  }

  string(name: string): string {
    const value = this.#field(name);
    if (typeof value !== 'string') throw this.fault(`"${name}" is no string`);
    return value;
  }

  /** A number that is written as a string. */
  longText(name: string): number {
    const value = this.#field(name);
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
    if (!Number.isSafeInteger(number)) throw this.fault(`"${name}" is no number in quotes`);
    return number as number;
  }

  ints(name: string): readonly number[] {
    const value = this.#field(name);
    if (!Array.isArray(value) || !value.every(Number.isSafeInteger))
      throw this.fault(`"${name}" is no list of integers`);
    return value as number[];
  }

  strings(name: string): readonly string[] {
    const value = this.#field(name);
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      throw this.fault(`"${name}" is no list of strings`);
    }
    return value as string[];
  }

  /** An object; an empty one when it is left out. */
  object(name: string): JsonReader {
    const value = this.has(name) ? this.#fields[name] : {};
    if (!isObject(value)) throw this.fault(`"${name}" is no object`);
    return new JsonReader(this.#what, this.#text, value);
  }

  objects(name: string): readonly JsonReader[] {
    const value = this.#field(name);
    if (!Array.isArray(value) || !value.every(isObject)) throw this.fault(`"${name}" is no list of objects`);
    return value.map((fields) => new JsonReader(this.#what, this.#text, fields));
  }

  fault(detail: string): ZnodeError {
    return new ZnodeError(this.#what, this.#text, detail);
  }

  #field(name: string): unknown {
    if (!this.has(name)) throw this.fault(`"${name}" is missing`);
    return this.#fields[name];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonText(value: JsonValue): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  const fields = [...(value as JsonObject)].map(([key, field]) => `${quoted(key)}:${jsonText(field)}`);
  return `{${fields.join(',')}}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/g;
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function quoted(text: string): string {
  const escaped = (unit: string): string =>
    SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return `"${text.replace(ESCAPED, escaped)}"`;
}
