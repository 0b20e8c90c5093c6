/**
 * The identity of a client, as brokers pass it on inside Envelope.
 *
 * Source: Java's `DefaultKafkaPrincipalBuilder`.
 *
 * @packageDocumentation
 */
import { type DefaultPrincipalData, defaultPrincipalData } from './generated/principal/principal.ts';
import type { Init } from './schema/init.ts';
import { decodeVersioned, encodeVersioned } from './versioned-data.ts';

export * from './generated/principal/index.ts';

/** @throws EncodeError when a name is too long. */
export function encodePrincipal(principal: Init<DefaultPrincipalData>): Uint8Array {
  return encodeVersioned(defaultPrincipalData, principal, defaultPrincipalData.highestVersion);
}

/** @throws ProtocolError when the bytes are not a principal. */
export function decodePrincipal(bytes: Uint8Array): DefaultPrincipalData {
  return decodeVersioned(defaultPrincipalData, bytes);
}
