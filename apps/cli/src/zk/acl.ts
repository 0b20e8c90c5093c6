import { type Acl, Perms } from '@biquorum/zookeeper-wire';
import { UsageError } from '../command.ts';

const LETTERS: Readonly<Record<string, number>> = {
  c: Perms.create,
  d: Perms.delete,
  r: Perms.read,
  w: Perms.write,
  a: Perms.admin,
};

/** Permissions as letters, in the order in which ZooKeeper's shell writes them. */
export function permsText(perms: number): string {
  return Object.entries(LETTERS)
    .filter(([, bit]) => (perms & bit) !== 0)
    .map(([letter]) => letter)
    .join('');
}

/** Reads `scheme:id:perms,scheme:id:perms`; the id may hold colons. @throws UsageError */
export function readAcl(text: string): readonly Acl[] {
  return text.split(',').map((part) => {
    const first = part.indexOf(':');
    const last = part.lastIndexOf(':');
    if (first === -1 || first === last) {
      throw new UsageError(`ACL ${part} is not scheme:id:perms, such as world:anyone:cdrwa.`);
    }
    const perms = [...part.slice(last + 1)].reduce((bits, letter) => {
      const bit = LETTERS[letter];
      if (bit === undefined) throw new UsageError(`ACL ${part}: permission ${letter} is none of c, d, r, w, a.`);
      return bits | bit;
    }, 0);
    return { perms, id: { scheme: part.slice(0, first), id: part.slice(first + 1, last) } };
  });
}

/** An entry as ZooKeeper's shell writes it, on two lines. */
export function aclLines({ perms, id }: Acl): readonly string[] {
  return [`'${id.scheme},'${id.id}`, `: ${permsText(perms)}`];
}
