import { buffer, int, type Jute, record, text, vector } from '../jute.ts';
import { type Acl, acls, type Stat, stat } from './data.ts';

/** Answer to `create2`, `createContainer` and `createTTL`. `create` is answered with the path alone. */
export interface Create2Reply {
  readonly path: string;
  readonly stat: Stat;
}

/** How a {@link Create2Reply} looks. */
export const create2Reply: Jute<Create2Reply> = record<Create2Reply>({ path: text, stat });

/** Answer to `exists`, `setData` and `setACL`. */
export interface StatReply {
  readonly stat: Stat;
}

/** How a {@link StatReply} looks. */
export const statReply: Jute<StatReply> = record<StatReply>({ stat });

/** Answer to `getData` and `reconfig`. */
export interface DataReply {
  readonly data: Uint8Array | null;
  readonly stat: Stat;
}

/** How a {@link DataReply} looks. */
export const dataReply: Jute<DataReply> = record<DataReply>({ data: buffer, stat });

/** Answer to `getACL`. */
export interface AclReply {
  readonly acl: readonly Acl[];
  readonly stat: Stat;
}

/** How an {@link AclReply} looks. */
export const aclReply: Jute<AclReply> = record<AclReply>({ acl: acls, stat });

/** How names, or paths, look in a row: answers to `getChildren` and `getEphemerals`. */
export const names: Jute<readonly string[]> = vector(text, 4);

/** Answer to `getChildren2`. */
export interface Children2Reply {
  readonly children: readonly string[];
  readonly stat: Stat;
}

/** How a {@link Children2Reply} looks. */
export const children2Reply: Jute<Children2Reply> = record<Children2Reply>({ children: names, stat });

/** Answer to `getAllChildrenNumber`. */
export interface CountReply {
  readonly totalNumber: number;
}

/** How a {@link CountReply} looks. */
export const countReply: Jute<CountReply> = record<CountReply>({ totalNumber: int });

/** A number of an error, as the body of `addWatch`'s answer and of failed operations in a multi. */
export interface ErrorReply {
  readonly err: number;
}

/** How an {@link ErrorReply} looks. */
export const errorReply: Jute<ErrorReply> = record<ErrorReply>({ err: int });

/** An identity of a connection, without its secret. */
export interface ClientInfo {
  readonly authScheme: string;
  readonly user: string;
}

/** How the answer to `whoAmI` looks. */
export const clientInfos: Jute<readonly ClientInfo[]> = vector(record<ClientInfo>({ authScheme: text, user: text }), 8);
