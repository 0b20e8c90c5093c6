import { ByteReader } from '@biquorum/std';
import {
  type Acl,
  aclReply,
  children2Reply,
  clientInfos,
  countReply,
  create2Reply,
  dataReply,
  errorName,
  errorReply,
  eventName,
  type MultiResult,
  multiReply,
  names,
  opName,
  pathRecord,
  replyHeader,
  statReply,
  watcherEvent,
  Xid,
} from '@biquorum/zookeeper-wire';
import type { Facts } from './facts.ts';
import type { Ask } from './steps.ts';

/** A frame from a server in words; the ask is the one that it answers, where it answers one. */
export function tellFrame(frame: Uint8Array, ask: Ask | undefined, facts: Facts): string {
  const reader = new ByteReader(frame);
  const { xid, zxid, err } = replyHeader.read(reader);
  const head = `${facts.zxid(zxid)} ${errorName(err) ?? err}`;
  if (xid === Xid.notification) {
    const { type, state, path } = watcherEvent.read(reader);
    return `event ${eventName(type) ?? type} ${facts.path(path)} ${state} at ${head}`;
  }
  const start = reader.offset;
  let body: string;
  try {
    body = start === frame.length ? '' : tellBody(reader, ask, facts);
  } catch {
    body = 'cannot be read:';
  }
  const rest = body === 'cannot be read:' ? frame.subarray(start) : frame.subarray(reader.offset);
  const hex = Array.from(rest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${ask?.op ?? 'ping'} ${xid}: ${head} ${body}${hex === '' ? '' : ` ${hex}`}`.trimEnd();
}

function tellBody(reader: ByteReader, ask: Ask | undefined, facts: Facts): string {
  switch (ask?.op) {
    case 'create':
    case 'sync':
      return facts.path(pathRecord.read(reader).path);
    case 'create2':
    case 'createContainer':
    case 'createTTL': {
      const { path, stat } = create2Reply.read(reader);
      return `${facts.path(path)} ${facts.stat(stat)}`;
    }
    case 'exists':
    case 'setData':
    case 'setACL':
      return facts.stat(statReply.read(reader).stat);
    case 'getData': {
      const { data, stat } = dataReply.read(reader);
      return `${tellData(data)} ${facts.stat(stat)}`;
    }
    case 'getACL': {
      const { acl, stat } = aclReply.read(reader);
      return `${acl.map(tellAcl).join(' ')} ${facts.stat(stat)}`;
    }
    // Neither server promises an order.
    case 'getChildren':
      return [...names.read(reader)].sort().join(' ');
    case 'getEphemerals':
      return [...names.read(reader)]
        .map((path) => facts.path(path))
        .sort()
        .join(' ');
    case 'getChildren2': {
      const { children, stat } = children2Reply.read(reader);
      return `${[...children].sort().join(' ')} ${facts.stat(stat)}`;
    }
    case 'getAllChildrenNumber':
      return String(countReply.read(reader).totalNumber);
    case 'addWatch':
      return String(errorReply.read(reader).err);
    case 'whoAmI':
      return clientInfos
        .read(reader)
        .map(({ authScheme, user }) => `${authScheme}:${user}`)
        .sort()
        .join(' ');
    // What its bytes happen to ask for.
    case 'raw':
      return `${reader.take(reader.remaining).length} bytes`;
    case 'multi':
    case 'multiRead':
      return multiReply
        .read(reader)
        .map((result) => tellResult(result, facts))
        .join('; ');
    default:
      throw new Error('no body was expected');
  }
}

function tellResult(result: MultiResult, facts: Facts): string {
  const parts: string[] = [opName(result.type) ?? String(result.type)];
  if ('err' in result) parts.push(errorName(result.err) ?? String(result.err));
  if ('path' in result) parts.push(facts.path(result.path));
  if ('children' in result) parts.push([...result.children].sort().join(' '));
  if ('data' in result) parts.push(tellData(result.data));
  if ('stat' in result) parts.push(facts.stat(result.stat));
  return parts.join(' ');
}

function tellData(data: Uint8Array | null): string {
  return data === null ? 'null' : JSON.stringify(new TextDecoder().decode(data));
}

function tellAcl({ perms, id }: Acl): string {
  return `${perms}:${id.scheme}:${id.id}`;
}
