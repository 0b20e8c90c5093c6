/**
 * What is asked of a server. Paths that begin with `!` are taken as they are, those with `^` lie where the quotas of the
 * run's own root do; all others lie below that root.
 */
export type Ask =
  | {
      readonly op: 'create' | 'create2' | 'createContainer';
      readonly path: string;
      readonly data: string | null;
      readonly acl: readonly string[];
      readonly flags: number;
    }
  | {
      readonly op: 'createTTL';
      readonly path: string;
      readonly data: string | null;
      readonly acl: readonly string[];
      readonly flags: number;
      readonly ttlMs: number;
    }
  | { readonly op: 'delete' | 'check'; readonly path: string; readonly version: number }
  | { readonly op: 'setData'; readonly path: string; readonly data: string | null; readonly version: number }
  | { readonly op: 'setACL'; readonly path: string; readonly acl: readonly string[]; readonly version: number }
  | { readonly op: 'getData' | 'getChildren'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'exists' | 'getChildren2'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'getACL' | 'sync' | 'getEphemerals' | 'getAllChildrenNumber'; readonly path: string }
  | { readonly op: 'checkWatches' | 'removeWatches' | 'addWatch'; readonly path: string; readonly type: number }
  | { readonly op: 'multi' | 'multiRead'; readonly parts: readonly MultiPart[] }
  | {
      readonly op: 'setWatches' | 'setWatches2';
      /** Transactions since the run began. */
      readonly since: number;
      readonly data: readonly string[];
      readonly exist: readonly string[];
      readonly child: readonly string[];
      readonly persistent: readonly string[];
      readonly recursive: readonly string[];
    }
  | { readonly op: 'auth'; readonly scheme: string; readonly text: string }
  | { readonly op: 'whoAmI' | 'closeSession' }
  /** A body that is not what the operation needs, or no operation at all; hexadecimal. */
  | { readonly op: 'raw'; readonly type: number; readonly body: string };

/** What may stand in a multi, whether it may or not. */
export type MultiPart = Extract<
  Ask,
  {
    op:
      | 'create'
      | 'create2'
      | 'createContainer'
      | 'createTTL'
      | 'delete'
      | 'check'
      | 'setData'
      | 'getData'
      | 'getChildren';
  }
>;

/** What happens on one session. */
export type Step =
  | { readonly kind: 'open'; readonly session: number; readonly timeoutMs: number; readonly old: boolean }
  /** The connection ends, the session lives on. */
  | { readonly kind: 'drop'; readonly session: number }
  /** The session comes back on another connection, with its password or a wrong one. */
  | { readonly kind: 'resume'; readonly session: number; readonly honest: boolean }
  /** Requests that are sent at once. */
  | { readonly kind: 'ask'; readonly session: number; readonly asks: readonly Ask[] };

/** Sessions of a sequence are numbered from 0 to this minus one. */
export const SESSIONS = 3;
/** `superDigest` of both servers: the password is `test`. */
export const SUPER_DIGEST = 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=';
