import { encodeBase64 } from '@biquorum/std';
import { sha1 } from './sha1.ts';

const utf8 = new TextEncoder();

/**
 * The identity that proves knowledge of a password: `user:base64(sha1(user:password))`. Java
 * `DigestAuthenticationProvider.generateDigest`.
 *
 * @param credentials `user:password`
 */
export function digestId(credentials: string): string {
  const [user = ''] = credentials.split(':', 1);
  return `${user}:${encodeBase64(sha1(utf8.encode(credentials)))}`;
}
