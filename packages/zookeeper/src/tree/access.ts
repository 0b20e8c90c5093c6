import type { Acl, Id, Perms } from '@biquorum/zookeeper-wire';

/** Compares identities of one scheme with what ACLs say of it. Source: Java `AuthenticationProvider`. */
export interface AuthScheme {
  readonly name: string;
  /** May such an id stand in an ACL? */
  isValid(id: string): boolean;
  /** Is who has this id meant by what the ACL says? */
  matches(id: string, aclId: string): boolean;
  /** Does having such an id mean that somebody has proved who they are? Then `auth` in an ACL stands for it. */
  readonly isAuthenticated: boolean;
}

/** The schemes that a server knows, by name. */
export type AuthSchemes = ReadonlyMap<string, AuthScheme>;

/** May somebody with these identities do this to a node with this ACL? Java `ZooKeeperServer.checkACL`. */
export function isAllowed(
  schemes: AuthSchemes,
  acl: readonly Acl[] | null,
  perm: (typeof Perms)[keyof typeof Perms],
  ids: readonly Id[],
): boolean {
  if (acl === null || acl.length === 0) return true;
  for (const { scheme } of ids) if (scheme === 'super') return true;
  for (const { perms, id } of acl) {
    if ((perms & perm) === 0) continue;
    if (id.scheme === 'world' && id.id === 'anyone') return true;
    const scheme = schemes.get(id.scheme);
    if (scheme === undefined) continue;
    for (const own of ids) if (own.scheme === id.scheme && scheme.matches(own.id, id.id)) return true;
  }
  return false;
}

/**
 * An ACL as it is kept: duplicates gone, `auth` replaced by who asks. Undefined when it cannot be one (InvalidACL).
 * Java `PrepRequestProcessor.fixupACL`.
 */
export function fixAcl(
  schemes: AuthSchemes,
  acl: readonly Acl[] | null,
  ids: readonly Id[],
): readonly Acl[] | undefined {
  if (acl === null || acl.length === 0) return undefined;
  const fixed: Acl[] = [];
  const add = (entry: Acl): void => {
    if (!fixed.some((one) => isSame(one, entry))) fixed.push(entry);
  };
  for (const entry of acl) {
    const { perms, id } = entry;
    if (id.scheme === 'world' && id.id === 'anyone') add(entry);
    else if (id.scheme === 'auth') {
      const proved = ids.filter(({ scheme }) => schemes.get(scheme)?.isAuthenticated);
      if (proved.length === 0) return undefined;
      for (const own of proved) add({ perms, id: own });
    } else if (schemes.get(id.scheme)?.isValid(id.id)) add(entry);
    else return undefined;
  }
  return fixed;
}

/** The ACL as it is shown to somebody who may not change it: secrets of `digest` are hidden. Java `FinalRequestProcessor`. */
export function maskAcl(acl: readonly Acl[]): readonly Acl[] {
  return acl.map((entry) => {
    const { scheme, id } = entry.id;
    const colon = id.indexOf(':');
    if (scheme !== 'digest' || colon === -1) return entry;
    return { perms: entry.perms, id: { scheme, id: `${id.slice(0, colon)}:x` } };
  });
}

function isSame(a: Acl, b: Acl): boolean {
  return a.perms === b.perms && a.id.scheme === b.id.scheme && a.id.id === b.id.id;
}

/** Identities by the address that a connection comes from. Java `IPAuthenticationProvider`. */
export const ipScheme: AuthScheme = {
  name: 'ip',
  isAuthenticated: false,
  isValid: (id) => parseNetwork(id) !== undefined,
  matches(id, aclId) {
    const address = parseAddress(id);
    const network = parseNetwork(aclId);
    if (address === undefined || network === undefined || address.length !== network.address.length) return false;
    for (let bit = 0; bit < network.bits; bit++) {
      const mask = 0x80 >> (bit & 7);
      if (((address[bit >> 3] as number) & mask) !== ((network.address[bit >> 3] as number) & mask)) return false;
    }
    return true;
  },
};

/** Users with passwords; ids are `user:hash`, compared whole. Java `DigestAuthenticationProvider`. */
export const digestScheme: AuthScheme = {
  name: 'digest',
  isAuthenticated: true,
  // Two parts, of which Java does not count empty ones at the end.
  isValid: (id) => id.replace(/:+$/, '').split(':').length === 2,
  matches: (id, aclId) => id === aclId,
};

/** The schemes of a server without more configuration. `world` and `auth` are no schemes of connections. */
export const defaultSchemes: AuthSchemes = new Map([ipScheme, digestScheme].map((scheme) => [scheme.name, scheme]));

function parseNetwork(text: string): { readonly address: readonly number[]; readonly bits: number } | undefined {
  const [host = '', prefix, more] = text.split('/');
  const address = parseAddress(host);
  if (address === undefined || more !== undefined) return undefined;
  if (prefix === undefined) return { address, bits: address.length * 8 };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > address.length * 8) return undefined;
  return { address, bits: Number(prefix) };
}

/** The bytes of an IPv4 or IPv6 address. */
function parseAddress(text: string): readonly number[] | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

function parseV6(text: string): readonly number[] | undefined {
  const [plain = ''] = text.split('%');
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = (head?.length ?? 0) + (tail?.length ?? 0);
  if (tail === undefined ? given !== 8 : given > 7) return undefined;
  const groups = [...(head ?? []), ...(tail === undefined ? [] : Array<string>(8 - given).fill('0')), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
}
