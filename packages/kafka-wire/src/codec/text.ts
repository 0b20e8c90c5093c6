import { decodeUtf8 } from '@biquorum/std';

/** The longest string, as UTF-8. */
export const MAX_STRING_BYTES = 0x7fff;

/** Reads strings out of frames; `StringInterner` is one that remembers. */
export interface TextReader {
  /** Decodes `length` bytes of UTF-8, malformed ones as U+FFFD as Java does; they must be there. */
  read(bytes: Uint8Array, start: number, length: number): string;
}

/** Decodes anew each time. */
export const plainText: TextReader = {
  read: (bytes, start, length) => decodeUtf8(bytes, start, start + length, 'replace'),
};

const encoder = new TextEncoder();

/** UTF-8 as Java's `String.getBytes` makes it: an unpaired surrogate becomes `?`. */
export function utf8BytesOf(text: string): Uint8Array {
  return encoder.encode(text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, '?'));
}
