import { type ByteReader, BytesError, ByteWriter } from '@biquorum/std';

/** How a value looks in jute, ZooKeeper's serialisation: big-endian, fields in order, nothing between them. */
export interface Jute<T> {
  write(writer: ByteWriter, value: T): void;
  /** @throws BytesError when the bytes are malformed or a length goes beyond them. */
  read(reader: ByteReader): T;
}

/** A signed 32-bit integer. */
export const int: Jute<number> = {
  write: (writer, value) => writer.i32(value),
  read: (reader) => reader.i32(),
};

/**
 * A signed 64-bit integer as a number: zxids, times. One that is no safe integer is refused; a zxid is one up to epoch
 * 2,097,151.
 */
export const long: Jute<number> = {
  write: (writer, value) => writer.i64(value),
  read: (reader) => reader.i64(),
};

/** {@link long} that is never refused: what is no safe integer is read as the nearest one. For what clients send. */
export const nearestLong: Jute<number> = {
  write: long.write,
  read(reader) {
    const value = reader.i64Big();
    if (value > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
    return value < Number.MIN_SAFE_INTEGER ? Number.MIN_SAFE_INTEGER : Number(value);
  },
};

/** A signed 64-bit integer that uses all its bits: session ids (the server's id is their first byte), digests. */
export const wide: Jute<bigint> = {
  write: (writer, value) => writer.i64Big(value),
  read: (reader) => reader.i64Big(),
};

/** One byte; all but 0 is true, as Java reads it. */
export const bool: Jute<boolean> = {
  write: (writer, value) => writer.u8(value ? 1 : 0),
  read: (reader) => reader.u8() !== 0,
};

/** UTF-8 with its length before it. Malformed bytes are read as U+FFFD, as Java does; null is read as the empty text. */
export const text: Jute<string> = {
  write: writeText,
  read: (reader) => readNullable(reader, readText) ?? '',
};

/** {@link text} that can be null. */
export const nullableText: Jute<string | null> = {
  write: (writer, value) => (value === null ? writer.i32(-1) : writeText(writer, value)),
  read: (reader) => readNullable(reader, readText),
};

/** Bytes with their length before them, or null. What is read is a view into the same memory. */
export const buffer: Jute<Uint8Array | null> = {
  write(writer, value) {
    if (value === null) {
      writer.i32(-1);
      return;
    }
    writer.i32(value.length);
    writer.bytesOf(value);
  },
  read: (reader) => readNullable(reader, (_, length) => reader.take(length)),
};

/**
 * Elements with their count before them; a null vector is read as an empty one.
 *
 * @param bytesMin what an element takes at least: a count for which there cannot be enough bytes is refused
 */
export function vector<T>(element: Jute<T>, bytesMin: number): Jute<readonly T[]> {
  const nullable = nullableVector(element, bytesMin);
  return { write: nullable.write, read: (reader) => nullable.read(reader) ?? [] };
}

/** {@link vector} that can be null. */
export function nullableVector<T>(element: Jute<T>, bytesMin: number): Jute<readonly T[] | null> {
  return {
    write(writer, values) {
      if (values === null) {
        writer.i32(-1);
        return;
      }
      writer.i32(values.length);
      for (const value of values) element.write(writer, value);
    },
    read(reader) {
      const at = reader.offset;
      const count = reader.i32();
      if (count === -1) return null;
      if (count < 0 || count * bytesMin > reader.remaining) {
        throw new BytesError('out-of-range', at, count * bytesMin, reader.remaining, `vector of ${count} elements`);
      }
      const values: T[] = [];
      for (let read = 0; read < count; read++) values.push(element.read(reader));
      return values;
    },
  };
}

/** The fields of a record with how each looks, in their order. */
export type Fields<T> = { readonly [Name in keyof T]-?: Jute<T[Name]> };

/** A record: its fields, one after the other. */
export function record<T extends object>(fields: Fields<T>): Jute<T> {
  const names = Object.keys(fields) as (keyof T)[];
  const codecs = names.map((name) => fields[name]) as Jute<T[keyof T]>[];
  return {
    write(writer, value) {
      for (let at = 0; at < names.length; at++) codecs[at]?.write(writer, value[names[at] as keyof T]);
    },
    read(reader) {
      const value = {} as T;
      for (let at = 0; at < names.length; at++) {
        value[names[at] as keyof T] = (codecs[at] as Jute<T[keyof T]>).read(reader);
      }
      return value;
    },
  };
}

/** A value as bytes of its own. */
export function toBytes<T>(jute: Jute<T>, value: T): Uint8Array {
  // What a value has in it may come here again.
  const writer = shared ?? new ByteWriter();
  shared = null;
  try {
    jute.write(writer, value);
    return writer.finish().slice();
  } finally {
    if (writer.position <= KEPT_BYTES) {
      writer.reset();
      shared = writer;
    }
  }
}

/** Memory that a large value has needed is not kept. */
const KEPT_BYTES = 64 * 1024;
let shared: ByteWriter | null = null;

function writeText(writer: ByteWriter, value: string): void {
  const at = writer.reserve(4);
  writer.patchI32(at, writer.utf8(value));
}

function readText(reader: ByteReader, length: number): string {
  return reader.utf8(length, 'replace');
}

function readNullable<T>(reader: ByteReader, read: (reader: ByteReader, length: number) => T): T | null {
  const at = reader.offset;
  const length = reader.i32();
  if (length === -1) return null;
  if (length < 0 || length > reader.remaining) {
    throw new BytesError('out-of-range', at, length, reader.remaining, `length ${length}`);
  }
  return read(reader, length);
}
