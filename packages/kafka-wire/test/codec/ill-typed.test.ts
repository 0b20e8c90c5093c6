import { deepStrictEqual } from 'node:assert';
import { ByteWriter } from '@biquorum/std';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { interpretEncode } from '../../src/codec/interpret-encode.ts';
import { EncodeError } from '../../src/encode-error.ts';
import { arbitraryMessage } from '../support/arbitrary-message.ts';
import { everyVersion } from '../support/every-version.ts';
import { toHex } from '../support/hex.ts';

const RUNS = 12;

/** What programs get wrong, and the edges of what they may get right. */
const JUNK: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  127,
  128,
  -129,
  255,
  256,
  32_767,
  32_768,
  -32_769,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  2 ** 60,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  0n,
  5n,
  2n ** 63n,
  '',
  'x',
  'x'.repeat(40_000),
  'é'.repeat(20_000),
  '\ud800',
  'AAAAAAAAAAAAAAAAAAAAAA',
  [],
  [undefined],
  [null],
  [1, 2],
  ['x'],
  [{}],
  {},
  new Uint8Array(3),
  { byteLength: 3 },
  { byteLength: -1 },
  { byteLength: 1.5 },
  { length: 2 },
  Symbol('x'),
  () => 1,
];

describe('whatever the value', () => {
  it.each(everyVersion)(
    '$title: the generated encoder writes what the interpreter writes and refuses what it refuses',
    ({ codec, schema, version }) => {
      fc.assert(
        fc.property(arbitraryMessage(schema, version), fc.nat(), fc.constantFrom(...JUNK), (message, at, junk) => {
          const value = withJunk(
            message,
            at,
            junk,
            schema.root.fields.map(({ name }) => name),
          );
          deepStrictEqual(
            outcome((writer) => codec.encode(writer, value as object, version)),
            outcome((writer) => interpretEncode(schema, writer, value, version)),
          );
        }),
        { numRuns: RUNS },
      );
    },
  );
});

/** The bytes and payloads, or what was wrong. Anything but an EncodeError comes through. */
function outcome(write: (writer: ByteWriter) => void): unknown {
  const writer = new ByteWriter();
  try {
    write(writer);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    return error.message;
  }
  // Bytes in one run may come in several segments.
  const parts = writer
    .segments()
    .map((segment) => (segment instanceof Uint8Array ? toHex(segment) : `<${segment.byteLength}>`));
  return parts.join('');
}

/** The message with one of its values replaced, or with a field set that the version may not have. */
function withJunk(message: object, at: number, junk: unknown, names: readonly string[]): unknown {
  const places: { readonly holder: Record<string | number, unknown>; readonly key: string | number }[] = [];
  collect(structuredClone(message) as Record<string, unknown>, places);
  const root = { ...message } as Record<string, unknown>;
  if (places.length === 0 || at % 3 === 0) {
    root[names[at % Math.max(1, names.length)] ?? 'unknownTags'] = junk;
    return root;
  }
  const { holder, key } = places[at % places.length] as (typeof places)[number];
  holder[key] = junk;
  return places[0]?.holder;
}

function collect(value: unknown, places: { holder: Record<string | number, unknown>; key: string | number }[]): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const key of Object.keys(value)) {
    const holder = value as Record<string | number, unknown>;
    places.push({ holder, key });
    collect(holder[key], places);
  }
}
