import { bool, buffer, int, type Jute, long, nearestLong, nullableText, record, text, vector } from '../jute.ts';
import type { Zxid } from '../zxid.ts';
import { type Acl, acls } from './data.ts';

/** Creates a node: `create`, `create2` and `createContainer`. */
export interface CreateRequest {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly flags: number;
}

/** How a {@link CreateRequest} looks. */
export const createRequest: Jute<CreateRequest> = record<CreateRequest>({
  path: text,
  data: buffer,
  acl: acls,
  flags: int,
});

/** Creates a node that goes when it has had no children and no change for so long. */
export interface CreateTtlRequest extends CreateRequest {
  readonly ttlMs: number;
}

/** How a {@link CreateTtlRequest} looks. */
export const createTtlRequest: Jute<CreateTtlRequest> = record<CreateTtlRequest>({
  path: text,
  data: buffer,
  acl: acls,
  flags: int,
  ttlMs: nearestLong,
});

/** A path and the version that is expected, −1 for any: `delete` and `check`. */
export interface PathVersionRequest {
  readonly path: string;
  readonly version: number;
}

/** How a {@link PathVersionRequest} looks. */
export const pathVersionRequest: Jute<PathVersionRequest> = record<PathVersionRequest>({ path: text, version: int });

/** A path, and whether to watch it: `exists`, `getData`, `getChildren`, `getChildren2`. */
export interface PathWatchRequest {
  readonly path: string;
  readonly watch: boolean;
}

/** How a {@link PathWatchRequest} looks. */
export const pathWatchRequest: Jute<PathWatchRequest> = record<PathWatchRequest>({ path: text, watch: bool });

/** A path alone: `getACL`, `sync`, `getEphemerals`, `getAllChildrenNumber`, `deleteContainer`; also replies. */
export interface PathRecord {
  readonly path: string;
}

/** How a {@link PathRecord} looks. */
export const pathRecord: Jute<PathRecord> = record<PathRecord>({ path: text });

/** Replaces a node's data. */
export interface SetDataRequest {
  readonly path: string;
  readonly data: Uint8Array | null;
  /** The version that is expected, −1 for any. */
  readonly version: number;
}

/** How a {@link SetDataRequest} looks. */
export const setDataRequest: Jute<SetDataRequest> = record<SetDataRequest>({ path: text, data: buffer, version: int });

/** Replaces a node's ACL. */
export interface SetAclRequest {
  readonly path: string;
  readonly acl: readonly Acl[];
  /** The `aversion` that is expected, −1 for any. */
  readonly version: number;
}

/** How a {@link SetAclRequest} looks. */
export const setAclRequest: Jute<SetAclRequest> = record<SetAclRequest>({ path: text, acl: acls, version: int });

/** Changes the ensemble. */
export interface ReconfigRequest {
  readonly joiningServers: string | null;
  readonly leavingServers: string | null;
  readonly newMembers: string | null;
  readonly curConfigId: number;
}

/** How a {@link ReconfigRequest} looks. */
export const reconfigRequest: Jute<ReconfigRequest> = record<ReconfigRequest>({
  joiningServers: nullableText,
  leavingServers: nullableText,
  newMembers: nullableText,
  curConfigId: long,
});

/** A path and a number: a {@link WatcherType} in `checkWatches` and `removeWatches`, a mode in `addWatch`. */
export interface WatchRequest {
  readonly path: string;
  readonly type: number;
}

/** How a {@link WatchRequest} looks. */
export const watchRequest: Jute<WatchRequest> = record<WatchRequest>({ path: text, type: int });

const paths: Jute<readonly string[]> = vector(text, 4);

/** The watches that a client still has after it came to another server. */
export interface SetWatchesRequest {
  /** The last zxid that the client has seen: what changed after it fires at once. */
  readonly relativeZxid: Zxid;
  readonly dataWatches: readonly string[];
  readonly existWatches: readonly string[];
  readonly childWatches: readonly string[];
}

/** How a {@link SetWatchesRequest} looks. */
export const setWatchesRequest: Jute<SetWatchesRequest> = record<SetWatchesRequest>({
  relativeZxid: nearestLong,
  dataWatches: paths,
  existWatches: paths,
  childWatches: paths,
});

/** {@link SetWatchesRequest} with the kinds of watches that stay. */
export interface SetWatches2Request extends SetWatchesRequest {
  readonly persistentWatches: readonly string[];
  readonly persistentRecursiveWatches: readonly string[];
}

/** How a {@link SetWatches2Request} looks. */
export const setWatches2Request: Jute<SetWatches2Request> = record<SetWatches2Request>({
  relativeZxid: nearestLong,
  dataWatches: paths,
  existWatches: paths,
  childWatches: paths,
  persistentWatches: paths,
  persistentRecursiveWatches: paths,
});

/** A step of a SASL conversation, both ways. */
export interface SaslRecord {
  readonly token: Uint8Array | null;
}

/** How a {@link SaslRecord} looks. */
export const saslRecord: Jute<SaslRecord> = record<SaslRecord>({ token: buffer });
