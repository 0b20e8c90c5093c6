import { deepStrictEqual, fail, strictEqual } from 'node:assert';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { describe, expect, it } from 'vitest';
import { interpretDecode } from '../src/codec/interpret-decode.ts';
import { interpretEncode } from '../src/codec/interpret-encode.ts';
import type { MessageCodec } from '../src/codec/message-codec.ts';
import { codecs } from '../src/generated/registry.ts';
import { ProtocolError } from '../src/protocol-error.ts';
import { resolveSchema } from '../src/schema/schema.ts';
import { fromJavaJson, UnsafeInteger } from './recordings/java-json.ts';
import { type Recording, readRecordings } from './recordings/read-recordings.ts';

// Bytes and values are Java's: `apps/compat` recorded them with the classes of Apache Kafka 3.9.2. Values of the kind
// `wide` hold int64s that are neither exact as numbers nor extremes: fields that are bigints here read and write them, all
// other fields must refuse them. Values of any other kind are read and written to equal bytes, without exception.

const recordings = readRecordings();

/** A way to read and to write one message. */
interface Way {
  read(bytes: Uint8Array, version: number): unknown;
  write(value: unknown, version: number): Uint8Array;
}

describe.each([
  ['the generated codecs', generated],
  ['the interpreter', interpreted],
] as const)('%s against what Java wrote', (_, way) => {
  it.each([...recordings.keys()])(
    '%s: every value reads as in Java and is written to equal bytes, unless no number is it',
    (name) => {
      const codec = codecs.find((candidate) => candidate.table.name === name) ?? fail(`no codec is named ${name}`);
      for (const recording of recordings.get(name) ?? []) check(recording, codec, way(codec));
    },
  );
});

describe('the recordings', () => {
  it('hold every message in every version', () => {
    const recorded = [...recordings].flatMap(([name, list]) => [...new Set(list.map(({ v }) => `${name} v${v}`))]);
    const ours = codecs.flatMap(({ table, lowestVersion, highestVersion }) =>
      Array.from({ length: highestVersion - lowestVersion + 1 }, (_, i) => `${table.name} v${lowestVersion + i}`),
    );
    expect(recorded.sort()).toEqual(ours.sort());
  });
});

function generated(codec: MessageCodec<unknown>): Way {
  return {
    read: (bytes, version) => codec.fromBytes(bytes, version),
    write: (value, version) => codec.toBytes(value as object, version),
  };
}

function interpreted({ table }: MessageCodec<unknown>): Way {
  const schema = resolveSchema(table);
  return {
    read(bytes, version) {
      const reader = new ByteReader(bytes);
      const value = interpretDecode(schema, reader, version);
      strictEqual(reader.remaining, 0, 'bytes are left over');
      return value;
    },
    write(value, version) {
      const writer = new ByteWriter();
      interpretEncode(schema, writer, value, version);
      return Buffer.concat(writer.segments() as Uint8Array[]);
    },
  };
}

function check(recording: Recording, { table }: MessageCodec<unknown>, way: Way): void {
  const { v, sample, hex } = recording;
  // In the middle of a larger buffer, so that a forgotten byte offset shows.
  const whole = new Uint8Array(hex.length / 2 + 16).fill(0xa5);
  whole.set(Buffer.from(hex, 'hex'), 5);
  const bytes = whole.subarray(5, 5 + hex.length / 2);
  try {
    const expected = expectedOf(recording);
    if (expected instanceof UnsafeInteger) {
      strictEqual(sample, 'wide', expected.message);
      checkRefused(() => way.read(bytes, v), expected);
      return;
    }
    const value = way.read(bytes, v);
    deepStrictEqual(value, expected);
    strictEqual(toHex(way.write(value, v)), hex, 'what was read is written differently');
    strictEqual(toHex(way.write(expected, v)), hex, "Java's value is written differently");
  } catch (error) {
    throw new Error(`${table.name} v${v}, sample ${sample}: ${(error as Error).message}`, { cause: error });
  }
}

function expectedOf({ m, v, json, unknown }: Recording): object {
  const table = codecs.find((codec) => codec.table.name === m)?.table ?? fail(`no codec is named ${m}`);
  try {
    return fromJavaJson(table, v, json, unknown);
  } catch (error) {
    if (error instanceof UnsafeInteger) return error;
    throw error;
  }
}

function checkRefused(read: () => unknown, { path }: UnsafeInteger): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    deepStrictEqual([error.code, error.path], ['unsafe-integer', path]);
    return;
  }
  fail(`${path} is not exact as a number, and was read`);
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
