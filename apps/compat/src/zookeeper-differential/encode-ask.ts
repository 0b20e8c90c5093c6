import { ByteWriter } from '@biquorum/std';
import {
  type Acl,
  authPacket,
  createRequest,
  createTtlRequest,
  type Jute,
  type MultiOp,
  multiRequest,
  OpCode,
  pathRecord,
  pathVersionRequest,
  pathWatchRequest,
  requestHeader,
  setAclRequest,
  setDataRequest,
  setWatches2Request,
  setWatchesRequest,
  toBytes,
  watchRequest,
  Xid,
} from '@biquorum/zookeeper-wire';
import type { Ask, MultiPart } from './steps.ts';

/** Where a run's paths lie, and which zxid it began at. */
export interface Ground {
  readonly root: string;
  readonly zxid: number;
}

/** No ask goes by this one. */
export const SYNC_XID = 0x7fff_fff0;

/** The transaction id that an ask of this kind goes by. */
export function xidOf({ op }: Ask, counted: number): number {
  if (op === 'auth') return Xid.auth;
  return op === 'setWatches' || op === 'setWatches2' ? Xid.setWatches : counted;
}

/** A request as a frame, its size in front. */
export function encodeAsk(ask: Ask, xid: number, ground: Ground): Uint8Array {
  const type = ask.op === 'raw' ? ask.type : OpCode[ask.op];
  return framed(toBytes(requestHeader, { xid, type }), bodyOf(ask, ground));
}

/** A ping as a frame. */
export function pingFrame(): Uint8Array {
  return framed(toBytes(requestHeader, { xid: Xid.ping, type: OpCode.ping }));
}

/** A request to come level with the leader, as a frame; by its own id its answer is known. */
export function syncFrame(): Uint8Array {
  return framed(toBytes(requestHeader, { xid: SYNC_XID, type: OpCode.sync }), toBytes(pathRecord, { path: '/' }));
}

/** Bytes with their size in front. */
export function framed(...parts: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter();
  writer.i32(parts.reduce((sum, { length }) => sum + length, 0));
  for (const part of parts) writer.bytesOf(part);
  return writer.finish();
}

function bodyOf(ask: Ask, ground: Ground): Uint8Array {
  const at = (path: string): string => absolute(path, ground);
  switch (ask.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
    case 'check':
    case 'setData':
    case 'getData':
    case 'getChildren':
      return partBody(partOf(ask, ground));
    case 'setACL':
      return toBytes(setAclRequest, { path: at(ask.path), acl: ask.acl.map(aclOf), version: ask.version });
    case 'exists':
    case 'getChildren2':
      return toBytes(pathWatchRequest, { path: at(ask.path), watch: ask.watch });
    case 'getACL':
    case 'sync':
    case 'getEphemerals':
    case 'getAllChildrenNumber':
      return toBytes(pathRecord, { path: at(ask.path) });
    case 'checkWatches':
    case 'removeWatches':
    case 'addWatch':
      return toBytes(watchRequest, { path: at(ask.path), type: ask.type });
    case 'multi':
    case 'multiRead':
      return toBytes(
        multiRequest,
        ask.parts.map((part) => partOf(part, ground)),
      );
    case 'setWatches':
    case 'setWatches2': {
      const request = {
        relativeZxid: ground.zxid + ask.since,
        dataWatches: ask.data.map(at),
        existWatches: ask.exist.map(at),
        childWatches: ask.child.map(at),
        persistentWatches: ask.persistent.map(at),
        persistentRecursiveWatches: ask.recursive.map(at),
      };
      return ask.op === 'setWatches' ? toBytes(setWatchesRequest, request) : toBytes(setWatches2Request, request);
    }
    case 'auth':
      return toBytes(authPacket, { type: 0, scheme: ask.scheme, auth: new TextEncoder().encode(ask.text) });
    case 'whoAmI':
    case 'closeSession':
      return new Uint8Array(0);
    case 'raw':
      return Uint8Array.from(ask.body.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  }
}

function partOf(part: MultiPart, ground: Ground): MultiOp {
  const path = absolute(part.path, ground);
  switch (part.op) {
    case 'create':
    case 'create2':
    case 'createContainer': {
      const { flags } = part;
      return { type: OpCode[part.op], request: { path, data: dataOf(part.data), acl: part.acl.map(aclOf), flags } };
    }
    case 'createTTL': {
      const { flags, ttlMs } = part;
      const request = { path, data: dataOf(part.data), acl: part.acl.map(aclOf), flags, ttlMs };
      return { type: OpCode.createTTL, request };
    }
    case 'delete':
    case 'check':
      return { type: OpCode[part.op], request: { path, version: part.version } };
    case 'setData':
      return { type: OpCode.setData, request: { path, data: dataOf(part.data), version: part.version } };
    case 'getData':
    case 'getChildren':
      return { type: OpCode[part.op], request: { path, watch: part.watch } };
  }
}

function partBody({ type, request }: MultiOp): Uint8Array {
  const jutes: Record<number, unknown> = {
    [OpCode.createTTL]: createTtlRequest,
    [OpCode.delete]: pathVersionRequest,
    [OpCode.check]: pathVersionRequest,
    [OpCode.setData]: setDataRequest,
    [OpCode.getData]: pathWatchRequest,
    [OpCode.getChildren]: pathWatchRequest,
  };
  return toBytes((jutes[type] ?? createRequest) as Jute<typeof request>, request);
}

function absolute(path: string, { root }: Ground): string {
  if (path.startsWith('^')) return `/zookeeper/quota${root}${path.slice(1)}`;
  return path.startsWith('!') ? path.slice(1) : `${root}${path}`;
}

function dataOf(text: string | null): Uint8Array | null {
  return text === null ? null : new TextEncoder().encode(text);
}

/** From `perms:scheme:id`. */
function aclOf(text: string): Acl {
  const [perms = '', scheme = '', ...id] = text.split(':');
  return { perms: Number(perms), id: { scheme, id: id.join(':') } };
}
