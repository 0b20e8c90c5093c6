import { ByteReader, BytesError } from '@biquorum/std';
import {
  type AuthPacket,
  authPacket,
  type CreateRequest,
  createModeOf,
  createRequest,
  createTtlRequest,
  type ErrorName,
  type MultiOp,
  multiRequest,
  nullableText,
  OpCode,
  type PathWatchRequest,
  pathRecord,
  pathVersionRequest,
  pathWatchRequest,
  reconfigRequest,
  requestHeader,
  type SetWatches2Request,
  saslRecord,
  setAclRequest,
  setDataRequest,
  setWatches2Request,
  setWatchesRequest,
  type WatchRequest,
  watchRequest,
} from '@biquorum/zookeeper-wire';
import type { WriteRequest } from '../tree/prepare.ts';

/** A request that changes nothing. */
export type ReadRequest =
  | {
      readonly type:
        | typeof OpCode.exists
        | typeof OpCode.getData
        | typeof OpCode.getChildren
        | typeof OpCode.getChildren2;
      readonly request: PathWatchRequest;
    }
  | {
      readonly type: typeof OpCode.getACL | typeof OpCode.getEphemerals | typeof OpCode.getAllChildrenNumber;
      readonly path: string;
    }
  | { readonly type: typeof OpCode.multiRead; readonly ops: readonly MultiOp[] }
  | {
      readonly type: typeof OpCode.checkWatches | typeof OpCode.removeWatches | typeof OpCode.addWatch;
      readonly request: WatchRequest;
    }
  | { readonly type: typeof OpCode.setWatches2; readonly request: SetWatches2Request }
  | { readonly type: typeof OpCode.whoAmI | typeof OpCode.ping };

/** What a client asks, by the way it takes through a server. */
export type ClientRequest =
  /** `body` is the request as it came; none where it cannot be read. */
  | { readonly kind: 'write'; readonly xid: number; readonly write: WriteRequest; readonly body?: Uint8Array }
  | { readonly kind: 'read'; readonly xid: number; readonly read: ReadRequest }
  | { readonly kind: 'sync'; readonly xid: number; readonly path: string }
  | { readonly kind: 'auth'; readonly xid: number; readonly packet: AuthPacket }
  | { readonly kind: 'sasl'; readonly xid: number }
  /** Its error is known before anything is done: a body that cannot be read, or what is switched off. */
  | { readonly kind: 'refused'; readonly xid: number; readonly type: number; readonly err: ErrorName }
  /** No operation that a client may ask for. */
  | { readonly kind: 'unknown'; readonly xid: number; readonly type: number };

/**
 * Reads a client's request. What it refers to is a view into the frame. A body that is not what the operation needs is
 * answered with MarshallingError in its turn, as Java does, and never becomes a transaction, but for a multi.
 *
 * @throws BytesError when there is no header, or an `auth` packet cannot be read: the connection must end
 */
export function readClientRequest(frame: Uint8Array): ClientRequest {
  const reader = new ByteReader(frame);
  const { xid, type } = requestHeader.read(reader);
  if (type === OpCode.auth) return { kind: 'auth', xid, packet: authPacket.read(reader) };
  try {
    return readBody(frame, xid, type, reader);
  } catch (error) {
    if (!(error instanceof BytesError)) throw error;
    if (type === OpCode.multi) return { kind: 'write', xid, write: { type, ops: null } };
    return { kind: 'refused', xid, type, err: 'MarshallingError' };
  }
}

function readBody(frame: Uint8Array, xid: number, type: number, reader: ByteReader): ClientRequest {
  const at = reader.offset;
  const write = readWrite(type, reader);
  if (write !== undefined) return { kind: 'write', xid, write, body: frame.subarray(at) };
  const read = readRead(type, reader);
  if (read !== undefined) return { kind: 'read', xid, read };
  switch (type) {
    case OpCode.sync:
      return { kind: 'sync', xid, path: pathRecord.read(reader).path };
    case OpCode.sasl:
      saslRecord.read(reader);
      return { kind: 'sasl', xid };
    case OpCode.reconfig:
      reconfigRequest.read(reader);
      return { kind: 'refused', xid, type, err: 'ReconfigDisabled' };
    default:
      return { kind: 'unknown', xid, type };
  }
}

/**
 * Java reads modes of a multi when it reads the request: one that it does not know spoils the whole, and a time to live
 * is forgotten where the mode has none. Source: Java `MultiOperationRecord`, `Op`.
 */
function readMulti(reader: ByteReader): readonly MultiOp[] {
  const at = reader.offset;
  const ops = multiRequest.read(reader);
  for (const op of ops) {
    if (op.type !== OpCode.create && op.type !== OpCode.create2 && op.type !== OpCode.createContainer) continue;
    const { flags } = op.request;
    const mode = createModeOf(flags);
    if (mode === undefined || mode.ttl) {
      throw new BytesError('out-of-range', at, 4, 4, `create mode ${flags} cannot stand in a multi`);
    }
  }
  return ops.map(byMode);
}

/**
 * A container is one by its mode; what has a time to live in name only is an ordinary node. What comes of it is read as
 * the same once more: a learner passes it on to its leader.
 */
function byMode(op: MultiOp): MultiOp {
  if (op.type !== OpCode.create && op.type !== OpCode.create2 && op.type !== OpCode.createTTL) return op;
  const mode = createModeOf(op.request.flags);
  if (mode === undefined) return op;
  if (mode.container) return { type: OpCode.createContainer, request: withoutTtl(op.request) };
  if (op.type !== OpCode.createTTL || mode.ttl) return op;
  return { type: OpCode.create, request: withoutTtl(op.request) };
}

function withoutTtl({ path, data, acl, flags }: CreateRequest): CreateRequest {
  return { path, data, acl, flags };
}

/**
 * Reads the body of a request that changes something; undefined when the operation is no such.
 *
 * @throws BytesError when the body is not what the operation needs
 */
export function readWrite(type: number, reader: ByteReader): WriteRequest | undefined {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
      return { type, request: createRequest.read(reader) };
    case OpCode.createTTL:
      return { type, request: createTtlRequest.read(reader) };
    case OpCode.delete:
      return { type, request: pathVersionRequest.read(reader) };
    case OpCode.setData:
      return { type, request: setDataRequest.read(reader) };
    case OpCode.setACL:
      return { type, request: setAclRequest.read(reader) };
    case OpCode.multi:
      return { type, ops: readMulti(reader) };
    case OpCode.closeSession:
      return { type };
    default:
      return undefined;
  }
}

function readRead(type: number, reader: ByteReader): ReadRequest | undefined {
  switch (type) {
    case OpCode.exists:
    case OpCode.getData:
    case OpCode.getChildren:
    case OpCode.getChildren2:
      return { type, request: pathWatchRequest.read(reader) };
    case OpCode.getEphemerals:
      return { type, path: pathRecord.read(reader).path };
    case OpCode.getACL:
    case OpCode.getAllChildrenNumber: {
      const at = reader.offset;
      const path = nullableText.read(reader);
      if (path === null) throw new BytesError('out-of-range', at, 4, 4, 'there is no path');
      return { type, path };
    }
    case OpCode.multiRead:
      return { type, ops: multiRequest.read(reader) };
    case OpCode.checkWatches:
    case OpCode.removeWatches:
    case OpCode.addWatch:
      return { type, request: watchRequest.read(reader) };
    case OpCode.setWatches: {
      const request = setWatchesRequest.read(reader);
      return {
        type: OpCode.setWatches2,
        request: { ...request, persistentWatches: [], persistentRecursiveWatches: [] },
      };
    }
    case OpCode.setWatches2:
      return { type, request: setWatches2Request.read(reader) };
    case OpCode.whoAmI:
    case OpCode.ping:
      return { type };
    default:
      return undefined;
  }
}
