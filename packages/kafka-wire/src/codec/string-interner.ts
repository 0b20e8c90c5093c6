import { plainText, type TextReader } from './text.ts';

const DEFAULT_SLOTS = 256;
const LONGEST = 64;

/**
 * Gives equal bytes the same string without decoding them again: for the topic names, group and client ids that come
 * back with every request of a connection.
 *
 * Remembers one string per slot, the latest that fell into it, so memory stays bounded whatever a peer sends. Strings
 * of more than 64 bytes, and those that are not ASCII, are decoded each time.
 */
export class StringInterner implements TextReader {
  readonly #mask: number;
  readonly #texts: string[];

  /** @param slots How many strings to remember at most, rounded up to a power of two; 256 by default. */
  constructor(slots: number = DEFAULT_SLOTS) {
    let size = 1;
    while (size < slots) size *= 2;
    this.#mask = size - 1;
    this.#texts = new Array(size).fill('');
  }

  read(bytes: Uint8Array, start: number, length: number): string {
    if (length > LONGEST) return plainText.read(bytes, start, length);
    let hash = length;
    for (let at = start + length - 1; at >= start; at--) hash = Math.imul(hash, 31) + (bytes[at] as number);
    const slot = (hash ^ (hash >>> 13)) & this.#mask;
    const known = this.#texts[slot] as string;
    if (known.length === length && isSame(known, bytes, start)) return known;
    const text = plainText.read(bytes, start, length);
    this.#texts[slot] = text;
    return text;
  }
}

/** True only for ASCII, where code units are bytes. */
function isSame(text: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    const byte = bytes[start + index] as number;
    if (byte > 0x7f || byte !== text.charCodeAt(index)) return false;
  }
  return true;
}
