import { errorName } from '../errors.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });
const UNPRINTABLE = /\p{Cc}|\p{Cf}|\p{Co}|\p{Cn}/u;

/** A string in quotes, cut to `max` characters. */
export function quoted(text: string, max: number): string {
  if (text.length <= max) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, max))}… (${text.length} characters)`;
}

/** Bytes as hexadecimal digits, cut to `max` bytes. */
export function hex(bytes: Uint8Array, max: number): string {
  let digits = '';
  for (const byte of bytes.subarray(0, max)) digits += byte.toString(16).padStart(2, '0');
  const size = `(${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'})`;
  if (bytes.length === 0) return size;
  return bytes.length > max ? `${digits}… ${size}` : `${digits} ${size}`;
}

/** Bytes of which nothing is known: text if all of what is shown is printable, else hexadecimal digits. */
export function textOrHex(bytes: Uint8Array | null, max: number): string {
  if (bytes === null) return 'null';
  if (bytes.length === 0) return '""';
  if (bytes.length > max) return hex(bytes, max);
  try {
    const text = decoder.decode(bytes);
    return UNPRINTABLE.test(text) ? hex(bytes, max) : JSON.stringify(text);
  } catch {
    return hex(bytes, max);
  }
}

/** An error code with its name. */
export function errorCodeText(code: number): string {
  return `${code} ${errorName(code)}`;
}

/** A timestamp in ms, with the time that it stands for where there is one. */
export function timestampText(timestampMs: number): string {
  // The last day that Date knows.
  if (timestampMs < 0 || timestampMs > 8.64e15) return String(timestampMs);
  return `${timestampMs} (${new Date(timestampMs).toISOString()})`;
}
