import { readUuid } from '../uuid.ts';
import { int64FromHalves } from './int64.ts';

/** Thrown by generated code for whatever is wrong; the interpreter then finds out what it is. */
export const FAULT: object = Object.freeze({ fault: 'generated code could not go on' });

/** Where `longVarint` left off. Generated code is synchronous, so one is enough. */
const cursor: { at: number } = { at: 0 };

/** Reads the rest of an unsigned varint whose first byte, which goes on, is at `start`. Signed, as in Java. */
function longVarint(bytes: Uint8Array, start: number, end: number): number {
  let value = (bytes[start] as number) & 0x7f;
  let at = start + 1;
  for (let shift = 7; shift <= 28; shift += 7) {
    if (at >= end) throw FAULT;
    const byte = bytes[at++] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      cursor.at = at;
      return value;
    }
  }
  throw FAULT;
}

/** An int64 whose upper half shows that it is not a safe integer, or hardly one. */
function extremeInt64(high: number, low: number): number {
  const value = int64FromHalves(high, low);
  if (value === undefined) throw FAULT;
  return value;
}

/** What generated decoders call. */
export const decodeRuntime: Readonly<Record<string, unknown>> = { FAULT, cursor, longVarint, extremeInt64, readUuid };
