import { sha1 } from './sha1.ts';

const utf8 = new TextEncoder();
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * The identity that proves knowledge of a password: `user:base64(sha1(user:password))`. Java
 * `DigestAuthenticationProvider.generateDigest`.
 *
 * @param credentials `user:password`
 */
export function digestId(credentials: string): string {
  const [user = ''] = credentials.split(':', 1);
  return `${user}:${base64(sha1(utf8.encode(credentials)))}`;
}

/** RFC 4648, with padding. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) text += ALPHABET[(bits >> shift) & 63];
  }
  const padding = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - padding) + '='.repeat(padding);
}
