import type { Brand } from '@biquorum/std';

/**
 * A UUID in Kafka's text form: 16 bytes as 22 characters of unpadded base64url. A string, because ids are looked up,
 * compared, logged and stored as text far more often than their bytes are looked at.
 *
 * Source: Java's `org.apache.kafka.common.Uuid`.
 */
export type Uuid = Brand<string, 'Uuid'>;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SYNTAX = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** All zeros: "no id". */
export const ZERO_UUID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA' as Uuid;

/**
 * Takes text for a UUID.
 *
 * @throws RangeError when it is not 22 characters of base64url that stand for 16 bytes.
 */
export function uuid(text: string): Uuid {
  if (!SYNTAX.test(text)) throw new RangeError(`'${text}' is not a UUID; write 16 bytes as 22 characters of base64url`);
  return text as Uuid;
}

/** @throws RangeError unless there are 16 bytes. */
export function uuidFromBytes(bytes: Uint8Array): Uuid {
  if (bytes.length !== 16) throw new RangeError(`a UUID has 16 bytes, not ${bytes.length}`);
  return readUuid(new DataView(bytes.buffer, bytes.byteOffset, 16), 0);
}

/** The 16 bytes of a UUID. */
export function uuidToBytes(id: Uuid): Uint8Array {
  const bytes = new Uint8Array(16);
  writeUuid(bytes, 0, id);
  return bytes;
}

// Ids repeat from request to request: a small cache, indexed by a hash of the bytes, saves making the text anew.
const SLOTS = 1024;
const cachedWords = new Int32Array(SLOTS * 4);
const cachedTexts: Uuid[] = new Array(SLOTS).fill(ZERO_UUID);

/** Reads 16 bytes, which must be there. */
export function readUuid(view: DataView, at: number): Uuid {
  const a = view.getInt32(at);
  const b = view.getInt32(at + 4);
  const c = view.getInt32(at + 8);
  const d = view.getInt32(at + 12);
  let hash = a ^ Math.imul(b, 0x9e37_79b1) ^ Math.imul(c, 0x85eb_ca6b) ^ Math.imul(d, 0xc2b2_ae35);
  hash = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const slot = hash * 4;
  if (
    cachedWords[slot] === a &&
    cachedWords[slot + 1] === b &&
    cachedWords[slot + 2] === c &&
    cachedWords[slot + 3] === d
  ) {
    return cachedTexts[hash] as Uuid;
  }
  const text = textOf(a, b, c, d);
  cachedWords[slot] = a;
  cachedWords[slot + 1] = b;
  cachedWords[slot + 2] = c;
  cachedWords[slot + 3] = d;
  cachedTexts[hash] = text;
  return text;
}

const digits = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0));

function textOf(a: number, b: number, c: number, d: number): Uuid {
  // 22 digits of six bits each from four words; the last digit has two bits.
  return String.fromCharCode(
    digits[a >>> 26] as number,
    digits[(a >>> 20) & 63] as number,
    digits[(a >>> 14) & 63] as number,
    digits[(a >>> 8) & 63] as number,
    digits[(a >>> 2) & 63] as number,
    digits[((a << 4) | (b >>> 28)) & 63] as number,
    digits[(b >>> 22) & 63] as number,
    digits[(b >>> 16) & 63] as number,
    digits[(b >>> 10) & 63] as number,
    digits[(b >>> 4) & 63] as number,
    digits[((b << 2) | (c >>> 30)) & 63] as number,
    digits[(c >>> 24) & 63] as number,
    digits[(c >>> 18) & 63] as number,
    digits[(c >>> 12) & 63] as number,
    digits[(c >>> 6) & 63] as number,
    digits[c & 63] as number,
    digits[d >>> 26] as number,
    digits[(d >>> 20) & 63] as number,
    digits[(d >>> 14) & 63] as number,
    digits[(d >>> 8) & 63] as number,
    digits[(d >>> 2) & 63] as number,
    digits[(d << 4) & 63] as number,
  ) as Uuid;
}

// Value of each ASCII character as a digit; −1 for those that are none.
const values = new Int8Array(128).fill(-1);
for (let value = 0; value < digits.length; value++) values[digits[value] as number] = value;

/**
 * Writes 16 bytes, for which there must be room.
 *
 * @returns Whether the text was a UUID; if not, what was written is worthless.
 */
export function writeUuid(bytes: Uint8Array, at: number, text: string): boolean {
  if (text.length !== 22) return false;
  let position = at;
  let faults = 0;
  for (let index = 0; index < 20; index += 4) {
    const one = digitAt(text, index);
    const two = digitAt(text, index + 1);
    const three = digitAt(text, index + 2);
    const four = digitAt(text, index + 3);
    faults |= one | two | three | four;
    bytes[position++] = (one << 2) | (two >> 4);
    bytes[position++] = (two << 4) | (three >> 2);
    bytes[position++] = (three << 6) | four;
  }
  const one = digitAt(text, 20);
  const two = digitAt(text, 21);
  bytes[position] = (one << 2) | (two >> 4);
  return (faults | one | two) >= 0 && (two & 15) === 0;
}

function digitAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit < 128 ? (values[unit] as number) : -1;
}
