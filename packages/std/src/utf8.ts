import { BytesError } from './bytes-error.ts';

/** What to do about malformed UTF-8: refuse it, or put U+FFFD in its place where Java's `new String(bytes, UTF_8)` does. */
export type Malformed = 'reject' | 'replace';

/** Longer text is not decoded: an engine has to hold it as one string. In bytes. */
const MAX_TEXT_BYTES = 0x1000_0000;
// Up to these lengths a loop beats the call into the runtime.
const SHORT_DECODE_BYTES = 32;
const SHORT_ENCODE_UNITS = 32;

// A byte order mark is a character like any other in Java and on the wire: ignoreBOM keeps it.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();
const { fromCharCode } = String;

/**
 * Decodes UTF-8.
 *
 * @param start First byte; the range must lie within `bytes`.
 * @param end Byte after the last.
 * @throws BytesError `invalid-utf8` for malformed input that is to be rejected; `out-of-range` for more than 256 MiB.
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number, malformed: Malformed = 'reject'): string {
  const length = end - start;
  if (length <= SHORT_DECODE_BYTES) {
    const text = decodeShortAscii(bytes, start, end);
    if (text !== undefined) return text;
  }
  if (length > MAX_TEXT_BYTES) {
    throw new BytesError('out-of-range', start, length, MAX_TEXT_BYTES, `text of ${length} bytes is too long`);
  }
  const window = bytes.subarray(start, end);
  try {
    return strict.decode(window);
  } catch {
    if (malformed === 'replace') return decodeReplacing(window);
    throw new BytesError('invalid-utf8', start, length, length, `${length} bytes are not valid UTF-8`);
  }
}

/** How many bytes the text takes as UTF-8 when an unpaired surrogate counts as one byte, for it becomes `?`. */
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
  if (text.length > SHORT_ENCODE_UNITS && text.isWellFormed()) {
    return at + encoder.encodeInto(text, target.subarray(at)).written;
  }
  let next = at;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      target[next++] = unit;
    } else if (unit < 0x800) {
      target[next++] = 0xc0 | (unit >> 6);
      target[next++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xd800 || unit > 0xdfff) {
      target[next++] = 0xe0 | (unit >> 12);
      target[next++] = 0x80 | ((unit >> 6) & 0x3f);
      target[next++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xdc00 && isLowSurrogate(text, index + 1)) {
      index++;
      const point = 0x1_0000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(index) & 0x3ff);
      target[next++] = 0xf0 | (point >> 18);
      target[next++] = 0x80 | ((point >> 12) & 0x3f);
      target[next++] = 0x80 | ((point >> 6) & 0x3f);
      target[next++] = 0x80 | (point & 0x3f);
    } else {
      target[next++] = 0x3f;
    }
  }
  return next;
}

/** The text, or undefined when a byte is not ASCII. Pieces of eight, because each piece is one call and one string. */
function decodeShortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  let at = start;
  for (; at + 8 <= end; at += 8) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    const e = bytes[at + 4] as number;
    const f = bytes[at + 5] as number;
    const g = bytes[at + 6] as number;
    const h = bytes[at + 7] as number;
    if ((a | b | c | d | e | f | g | h) >= 0x80) return undefined;
    text += fromCharCode(a, b, c, d, e, f, g, h);
  }
  if (at + 4 <= end) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    if ((a | b | c | d) >= 0x80) return undefined;
    text += fromCharCode(a, b, c, d);
    at += 4;
  }
  for (; at < end; at++) {
    const a = bytes[at] as number;
    if (a >= 0x80) return undefined;
    text += fromCharCode(a);
  }
  return text;
}

function isLowSurrogate(text: string, index: number): boolean {
  return index < text.length && (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}

/**
 * The Encoding Standard and Java agree on where U+FFFD goes but for one case: of an encoded surrogate (ED A0..BF and
 * perhaps a continuation byte) Java makes one, the standard two or three.
 */
function decodeReplacing(bytes: Uint8Array): string {
  let text = '';
  let from = 0;
  // ED never continues a sequence, so each one found starts its own.
  for (let at = bytes.indexOf(0xed); at !== -1; at = bytes.indexOf(0xed, at + 1)) {
    if (((bytes[at + 1] ?? 0) & 0xe0) !== 0xa0) continue;
    text += `${lenient.decode(bytes.subarray(from, at))}\ufffd`;
    from = at + (((bytes[at + 2] ?? 0) & 0xc0) === 0x80 ? 3 : 2);
  }
  return text + lenient.decode(bytes.subarray(from));
}
