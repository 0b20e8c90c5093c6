import { decodeBase64, encodeBase64 } from '@biquorum/std';

/** What a user's configuration has under the name of a SCRAM mechanism. */
export interface ScramCredential {
  readonly salt: Uint8Array;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
  readonly iterations: number;
}

/** The value of `SCRAM-SHA-256` or `SCRAM-SHA-512` in `/config/users/U`. Source: Java `ScramCredentialUtils`. */
export function encodeScramCredential({ salt, storedKey, serverKey, iterations }: ScramCredential): string {
  const parts = [
    `salt=${encodeBase64(salt)}`,
    `stored_key=${encodeBase64(storedKey)}`,
    `server_key=${encodeBase64(serverKey)}`,
    `iterations=${iterations}`,
  ];
  return parts.join(',');
}

/** Reads such a value; undefined for a text that is none. */
export function decodeScramCredential(text: string): ScramCredential | undefined {
  const parts = new Map(
    text.split(',').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
  const bytes = (name: string): Uint8Array | undefined => decodeBase64(parts.get(name) ?? '?');
  const [salt, storedKey, serverKey] = [bytes('salt'), bytes('stored_key'), bytes('server_key')];
  const iterations = parts.get('iterations') ?? '';
  if (parts.size !== 4 || !/^\d{1,9}$/.test(iterations)) return undefined;
  if (salt === undefined || storedKey === undefined || serverKey === undefined) return undefined;
  return { salt, storedKey, serverKey, iterations: Number(iterations) };
}
