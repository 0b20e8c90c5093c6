import type { AuthPacket, Id } from '@biquorum/zookeeper-wire';
import type { AuthSchemes } from '../tree/access.ts';
import { digestId } from '../tree/digest-id.ts';

/**
 * The identities of a connection after an `auth` packet; undefined when it proves nothing, and the connection must end.
 * Source: Java `DigestAuthenticationProvider`, `IPAuthenticationProvider`.
 *
 * @param superDigest the identity of who may do everything, if there is one
 */
export function authenticate(
  schemes: AuthSchemes,
  ids: readonly Id[],
  { scheme, auth }: AuthPacket,
  superDigest: string | undefined,
): Id[] | undefined {
  if (!schemes.has(scheme)) return undefined;
  if (scheme === 'ip') return [...ids];
  if (scheme !== 'digest') return undefined;
  const id = digestId(decoder.decode(auth ?? NO_BYTES));
  const identities = [...ids];
  const add = (one: Id): void => {
    if (!identities.some((own) => own.scheme === one.scheme && own.id === one.id)) identities.push(one);
  };
  if (id === superDigest) add({ scheme: 'super', id: '' });
  add({ scheme, id });
  return identities;
}

const NO_BYTES = new Uint8Array(0);
const decoder = new TextDecoder();
