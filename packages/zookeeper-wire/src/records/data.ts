import { int, type Jute, long, record, text, vector, wide } from '../jute.ts';
import type { Zxid } from '../zxid.ts';

/** Who: an authentication scheme and a name in it. */
export interface Id {
  readonly scheme: string;
  readonly id: string;
}

/** How an {@link Id} looks. */
export const id: Jute<Id> = record<Id>({ scheme: text, id: text });

/** What somebody may do to a node: the sum of {@link Perms}. */
export interface Acl {
  readonly perms: number;
  readonly id: Id;
}

/** How an {@link Acl} looks. */
export const acl: Jute<Acl> = record<Acl>({ perms: int, id });

/** How a list of {@link Acl} looks. */
export const acls: Jute<readonly Acl[]> = vector(acl, 12);

/** Permissions. Source: Java `ZooDefs.Perms`. */
export const Perms = { read: 1, write: 2, create: 4, delete: 8, admin: 16, all: 31 } as const;

/** Everybody may do everything. */
export const OPEN_ACL: readonly Acl[] = [{ perms: Perms.all, id: { scheme: 'world', id: 'anyone' } }];

/** A node's state as clients see it. */
export interface Stat {
  /** Zxid that created it. */
  readonly czxid: Zxid;
  /** Zxid that last changed its data. */
  readonly mzxid: Zxid;
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  /** Counts changes of the data. */
  readonly version: number;
  /** Counts creations and deletions of children. */
  readonly cversion: number;
  /** Counts changes of the ACL. */
  readonly aversion: number;
  /** The session that an ephemeral belongs to; 0 for all others. */
  readonly ephemeralOwner: bigint;
  readonly dataLength: number;
  readonly numChildren: number;
  /** Zxid that last changed its children. */
  readonly pzxid: Zxid;
}

/** How a {@link Stat} looks: 68 bytes. */
export const stat: Jute<Stat> = record<Stat>({
  czxid: long,
  mzxid: long,
  ctimeMs: long,
  mtimeMs: long,
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: wide,
  dataLength: int,
  numChildren: int,
  pzxid: long,
});

/** A node's state as snapshots keep it. `cversion` counts creations alone; `ephemeralOwner` also tells kinds of nodes. */
export interface StatPersisted {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: bigint;
  readonly pzxid: Zxid;
}

/** How a {@link StatPersisted} looks. */
export const statPersisted: Jute<StatPersisted> = record<StatPersisted>({
  czxid: long,
  mzxid: long,
  ctimeMs: long,
  mtimeMs: long,
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: wide,
  pzxid: long,
});
