import { deepStrictEqual } from 'node:assert';
import { ByteReader, ByteWriter } from '@biquorum/std';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { interpretDecode } from '../../src/codec/interpret-decode.ts';
import { interpretEncode } from '../../src/codec/interpret-encode.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { arbitraryMessage } from '../support/arbitrary-message.ts';
import { everyVersion } from '../support/every-version.ts';
import { toHex } from '../support/hex.ts';

const RUNS = 8;

describe('whatever a version can carry', () => {
  it.each(everyVersion)(
    '$title: the generated codec writes and reads it as the interpreter does',
    ({ codec, schema, version }) => {
      fc.assert(
        fc.property(arbitraryMessage(schema, version), (value) => {
          const bytes = codec.toBytes(value, version);
          deepStrictEqual(toHex(interpreted(schema, value, version)), toHex(bytes));
          const decoded = codec.fromBytes(bytes, version);
          deepStrictEqual(decoded, interpretDecode(schema, new ByteReader(bytes), version));
          for (const [name, given] of Object.entries(value)) {
            if (name !== 'unknownTags') deepStrictEqual(complete(given, (decoded as typeof value)[name]), given);
          }
          deepStrictEqual(toHex(codec.toBytes(decoded as object, version)), toHex(bytes));
        }),
        { numRuns: RUNS },
      );
    },
  );
});

function interpreted(schema: Schema, value: unknown, version: number): Uint8Array {
  const writer = new ByteWriter();
  interpretEncode(schema, writer, value, version);
  return Buffer.concat(writer.segments() as Uint8Array[]);
}

/** The parts of a decoded value that were given: the rest are defaults. */
function complete(given: unknown, decoded: unknown): unknown {
  if (Array.isArray(given) && Array.isArray(decoded)) {
    return decoded.map((element, index) => (index < given.length ? complete(given[index], element) : element));
  }
  if (given === null || typeof given !== 'object' || given instanceof Uint8Array || typeof decoded !== 'object')
    return decoded;
  const parts = decoded as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(given).map(([name, part]) => {
      // No unknown tagged fields is the same as an empty list of them.
      if (name === 'unknownTags' && parts[name] === undefined) return [name, []];
      return [name, complete(part, parts[name])];
    }),
  );
}
