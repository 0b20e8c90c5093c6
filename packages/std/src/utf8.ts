import { BytesError } from './bytes-error.ts';

/** What to do about malformed UTF-8: refuse it, or put U+FFFD in its place as Java's `new String(bytes, UTF_8)` does. */
export type Malformed = 'reject' | 'replace';

// A byte order mark is a character like any other in Java and on the wire: ignoreBOM keeps it.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const QUESTION_MARK = 0x3f;

/**
 * Decodes UTF-8.
 *
 * @param start First byte; the range must lie within `bytes`.
 * @param end Byte after the last.
 * @throws BytesError `invalid-utf8` for malformed input that is to be rejected.
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number, malformed: Malformed = 'reject'): string {
  if (end - start <= SHORT) {
    const text = decodeShortAscii(bytes, start, end);
    if (text !== undefined) return text;
  }
  const window = bytes.subarray(start, end);
  try {
    return strict.decode(window);
  } catch {
    if (malformed === 'replace') return decodeReplacing(window);
    throw new BytesError('invalid-utf8', start, end - start, end - start, `${end - start} bytes are not valid UTF-8`);
  }
}

/**
 * How many bytes {@link encodeUtf8Into} writes for the text: an unpaired surrogate counts as one, for it becomes `?`.
 */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit < 0xd800 || unit > 0xdfff) length += 2;
    else if (unit < 0xdc00 && isLowSurrogate(text, index + 1)) {
      // Four bytes for two code units.
      length += 2;
      index++;
    }
  }
  return length;
}

/**
 * Encodes as Java's `String.getBytes(UTF_8)` does: an unpaired surrogate becomes `?`.
 *
 * @param target Must have room for {@link utf8Length} bytes at `at`.
 * @returns The position after the last byte written.
 */
export function encodeUtf8Into(text: string, target: Uint8Array, at: number): number {
  if (text.length > LONG && text.isWellFormed()) return at + encoder.encodeInto(text, target.subarray(at)).written;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      target[at++] = unit;
    } else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6);
      target[at++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xd800 || unit > 0xdfff) {
      target[at++] = 0xe0 | (unit >> 12);
      target[at++] = 0x80 | ((unit >> 6) & 0x3f);
      target[at++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xdc00 && isLowSurrogate(text, index + 1)) {
      const point = 0x1_0000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(++index) & 0x3ff);
      target[at++] = 0xf0 | (point >> 18);
      target[at++] = 0x80 | ((point >> 12) & 0x3f);
      target[at++] = 0x80 | ((point >> 6) & 0x3f);
      target[at++] = 0x80 | (point & 0x3f);
    } else {
      target[at++] = QUESTION_MARK;
    }
  }
  return at;
}

// Up to here a loop beats the call into the runtime.
const SHORT = 24;
const LONG = 48;

function decodeShortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  for (let index = start; index < end; index++) {
    const byte = bytes[index] as number;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

function isLowSurrogate(text: string, index: number): boolean {
  return index < text.length && (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

function decodeReplacing(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}
