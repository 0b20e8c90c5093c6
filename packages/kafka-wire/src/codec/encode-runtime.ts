import type { Payload } from '@biquorum/std';
import { writeUuid } from '../uuid.ts';
import { FAULT } from './decode-runtime.ts';
import { isDefaultStruct } from './defaults.ts';
import { bigInt64 } from './int64.ts';
import { goesByReference } from './payload.ts';
import type { Scratch } from './scratch.ts';
import { MAX_STRING_BYTES, utf8BytesOf } from './text.ts';
import type { UnknownTag } from './unknown-tag.ts';

const MAX_TAG = 0x7fff_ffff;

/** Writes an unsigned varint of up to five bytes. @returns The position after it. */
function varint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  while (rest >>> 7 !== 0) {
    bytes[at++] = rest | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** Writes a string behind an int16 length; there is room for three bytes a character and five more. */
function classicText(bytes: Uint8Array, at: number, text: string): number {
  const length = text.length;
  if (length > MAX_STRING_BYTES) throw FAULT;
  const start = at + 2;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) {
      const encoded = encodedText(text);
      bytes.set(encoded, start);
      bytes[at] = encoded.length >>> 8;
      bytes[at + 1] = encoded.length;
      return start + encoded.length;
    }
    bytes[start + index] = unit;
  }
  bytes[at] = length >>> 8;
  bytes[at + 1] = length;
  return start + length;
}

/** Writes a string behind a compact length; there is room as for `classicText`. */
function compactText(bytes: Uint8Array, at: number, text: string): number {
  const length = text.length;
  if (length > MAX_STRING_BYTES) throw FAULT;
  const start = length < 127 ? at + 1 : varint(bytes, at, length + 1);
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) {
      const encoded = encodedText(text);
      const after = varint(bytes, at, encoded.length + 1);
      bytes.set(encoded, after);
      return after + encoded.length;
    }
    bytes[start + index] = unit;
  }
  if (length < 127) bytes[at] = length + 1;
  return start + length;
}

function encodedText(text: string): Uint8Array {
  const encoded = utf8BytesOf(text);
  if (encoded.length > MAX_STRING_BYTES) throw FAULT;
  return encoded;
}

/** Writes bytes behind their length. @returns The position after them; the buffer may have been replaced. */
function blob(
  scratch: Scratch,
  at: number,
  value: Uint8Array | Payload,
  type: 'bytes' | 'records',
  compact: boolean,
): number {
  const size = value.byteLength;
  if (typeof value !== 'object' || (size | 0) !== size || size < 0) throw FAULT;
  const byReference = goesByReference(value, type);
  const room = byReference ? 5 : size + 5;
  if (scratch.bytes.length - at < room) scratch.grow(at, room);
  let start = at + 4;
  if (compact) start = varint(scratch.bytes, at, size + 1);
  else scratch.view.setInt32(at, size);
  if (byReference) {
    if (size > 0) scratch.payloads.push({ offset: start, payload: value });
    return start;
  }
  scratch.bytes.set(value as Uint8Array, start);
  return start + size;
}

/** Writes an int64 that is not a plain safe integer. */
function extremeInt64(view: DataView, at: number, value: unknown): void {
  const exact = typeof value === 'number' ? bigInt64(value) : undefined;
  if (exact === undefined) throw FAULT;
  view.setBigInt64(at, exact);
}

/** Writes an int64 given as a bigint, or as a number. */
function wideInt64(view: DataView, at: number, value: unknown): void {
  const exact = typeof value === 'number' ? bigInt64(value) : value;
  if (typeof exact !== 'bigint' || BigInt.asIntN(64, exact) !== exact) throw FAULT;
  view.setBigInt64(at, exact);
}

function uuid(bytes: Uint8Array, at: number, value: unknown): void {
  if (typeof value !== 'string' || !writeUuid(bytes, at, value)) throw FAULT;
}

/** The number of unknown tagged fields, once they are known to be in order and none of those defined. */
function countUnknownTags(unknownTags: unknown, defined: readonly number[]): number {
  if (!Array.isArray(unknownTags)) throw FAULT;
  let previous = -1;
  for (const unknownTag of unknownTags as unknown[]) {
    if (typeof unknownTag !== 'object' || unknownTag === null) throw FAULT;
    const { tag, data } = unknownTag as UnknownTag;
    if (!(data instanceof Uint8Array)) throw FAULT;
    if (!(Number.isInteger(tag) && tag > previous && tag <= MAX_TAG) || defined.includes(tag)) throw FAULT;
    previous = tag;
  }
  return unknownTags.length;
}

/**
 * Writes the unknown tagged fields from index `from` on whose tags are below `limit`, and leaves the position in
 * `scratch.at`.
 *
 * @returns Index of the first that was not written.
 */
function unknownTagsBelow(
  scratch: Scratch,
  at: number,
  unknownTags: readonly UnknownTag[],
  from: number,
  limit: number,
): number {
  let position = at;
  let index = from;
  for (; index < unknownTags.length; index++) {
    const { tag, data } = unknownTags[index] as UnknownTag;
    if (tag >= limit) break;
    if (scratch.bytes.length - position < data.length + 10) scratch.grow(position, data.length + 10);
    position = varint(scratch.bytes, position, tag);
    position = varint(scratch.bytes, position, data.length);
    scratch.bytes.set(data, position);
    position += data.length;
  }
  scratch.at = position;
  return index;
}

/**
 * Ends a tagged field of variable size that starts at `start`, behind one byte left for its size: fills in the size,
 * and moves the field if that takes more bytes. Fields with payloads inside are moved with them.
 *
 * @returns The position after the field; the buffer may have been replaced.
 */
function endTagged(scratch: Scratch, start: number, end: number): number {
  let size = end - start;
  for (const { offset, payload } of scratch.payloads) if (offset >= start) size += payload.byteLength;
  if (size < 0x80) {
    scratch.bytes[start - 1] = size;
    return end;
  }
  if (scratch.bytes.length - end < 4) scratch.grow(end, 4);
  const moved = varint(new Uint8Array(5), 0, size) - 1;
  scratch.bytes.copyWithin(start + moved, start, end);
  varint(scratch.bytes, start - 1, size);
  for (let index = scratch.payloads.length - 1; index >= 0; index--) {
    const { offset, payload } = scratch.payloads[index] as (typeof scratch.payloads)[number];
    if (offset < start) break;
    scratch.payloads[index] = { offset: offset + moved, payload };
  }
  return end + moved;
}

/** What generated encoders call. */
export const encodeRuntime: Readonly<Record<string, unknown>> = {
  FAULT,
  varint,
  classicText,
  compactText,
  blob,
  extremeInt64,
  wideInt64,
  uuid,
  countUnknownTags,
  unknownTagsBelow,
  endTagged,
  isDefaultStruct,
};
