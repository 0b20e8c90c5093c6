import { ByteReader } from '@biquorum/std';
import {
  type Acl,
  createRequest,
  createTtlRequest,
  type ForwardedRequest,
  forwardedRequest,
  type Id,
  type MultiOp,
  multiRequest,
  OpCode,
  PacketType,
  pathRecord,
  pathVersionRequest,
  type QuorumPacket,
  setAclRequest,
  setDataRequest,
  toBytes,
} from '@biquorum/zookeeper-wire';
import { readWrite } from '../server/client-request.ts';
import type { Submission } from '../server/pipeline.ts';
import type { RequestOrigin, WriteRequest } from '../tree/prepare.ts';

/** A write as a learner passes it on to its leader. */
export function toRequestPacket({ sessionId, cxid, request, body, ids }: Submission): QuorumPacket {
  // A session that begins has no identities yet, and Java sends none.
  const authinfo = request.type === OpCode.createSession ? null : ids;
  return requestPacket({ sessionId, cxid, type: request.type, request: body ?? writeBytes(request) }, authinfo);
}

/** A client's `sync` as a learner passes it on. The leader answers with SYNC, whose place in the order is the answer. */
export function toSyncPacket(path: string, { sessionId, cxid, ids }: RequestOrigin): QuorumPacket {
  return requestPacket({ sessionId, cxid, type: OpCode.sync, request: toBytes(pathRecord, { path }) }, ids);
}

/**
 * Reads the payload of a REQUEST that is a write.
 *
 * @returns Undefined when no write is asked for.
 * @throws BytesError when the body is not what the operation needs
 */
export function readForwardedWrite({ type, request }: ForwardedRequest): WriteRequest | undefined {
  const reader = new ByteReader(request);
  if (type === OpCode.createSession) return { type, timeoutMs: reader.i32() };
  return readWrite(type, reader);
}

/**
 * The most bytes that the transaction of a request can take: what is asked for, longer by a sequence number, and with
 * all identities in place of `auth`.
 * What goes with a session that ends is known only when it does: any transaction fits.
 */
export function txnBytesMax(request: WriteRequest, ids: readonly Id[]): number {
  let bytes = TXN_FIXED_BYTES;
  if (request.type === OpCode.multi) for (const op of request.ops ?? []) bytes += opBytes(op, ids);
  else if (request.type === OpCode.closeSession) bytes += TXN_BYTES_MAX;
  else if (request.type === OpCode.setACL)
    bytes += textBytes(request.request.path) + aclBytes(request.request.acl, ids);
  else if (request.type === OpCode.deleteContainer) bytes += textBytes(request.path);
  else if (request.type !== OpCode.createSession) bytes += opBytes(request, ids);
  return bytes;
}

function requestPacket(request: ForwardedRequest, authinfo: readonly Id[] | null): QuorumPacket {
  return { type: PacketType.REQUEST, zxid: -1, data: toBytes(forwardedRequest, request), authinfo };
}

/** The record of a write, as a client sends it. */
function writeBytes(request: WriteRequest): Uint8Array {
  switch (request.type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
      return toBytes(createRequest, request.request);
    case OpCode.createTTL:
      return toBytes(createTtlRequest, request.request);
    case OpCode.delete:
      return toBytes(pathVersionRequest, request.request);
    case OpCode.setData:
      return toBytes(setDataRequest, request.request);
    case OpCode.setACL:
      return toBytes(setAclRequest, request.request);
    case OpCode.multi:
      // Without its end it cannot be read by the leader either.
      return request.ops === null ? new Uint8Array(0) : toBytes(multiRequest, request.ops);
    case OpCode.createSession: {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setInt32(0, request.timeoutMs);
      return bytes;
    }
    case OpCode.deleteContainer:
      return new TextEncoder().encode(request.path);
    default:
      return NO_BYTES;
  }
}

function opBytes(op: MultiOp, ids: readonly Id[]): number {
  switch (op.type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTTL: {
      const { path, data, acl } = op.request;
      return OP_FIXED_BYTES + textBytes(path) + (data?.length ?? 0) + aclBytes(acl, ids);
    }
    case OpCode.setData:
      return OP_FIXED_BYTES + textBytes(op.request.path) + (op.request.data?.length ?? 0);
    default:
      return OP_FIXED_BYTES + textBytes(op.request.path);
  }
}

function aclBytes(acl: readonly Acl[], ids: readonly Id[]): number {
  let bytes = 4;
  for (const { id } of acl) {
    bytes += 4 + textBytes(id.scheme) + textBytes(id.id);
    if (id.scheme === 'auth') for (const own of ids) bytes += 4 + textBytes(own.scheme) + textBytes(own.id);
  }
  return bytes;
}

/** A character takes three bytes at most. */
function textBytes(text: string): number {
  return 4 + 3 * text.length;
}

/** What is larger becomes an error when it is prepared. */
const TXN_BYTES_MAX = 2 * 0xfffff;
/** Header and digest, and what a session or an error needs. */
const TXN_FIXED_BYTES = 128;
/** Numbers of an operation, its place in a multi, and the ten digits of a sequence. */
const OP_FIXED_BYTES = 64;
const NO_BYTES = new Uint8Array(0);
