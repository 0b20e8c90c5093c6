import { ByteWriter } from '@biquorum/std';
import { EventType, type Jute, KeeperState, replyHeader, watcherEvent, Xid, type Zxid } from '@biquorum/zookeeper-wire';
import type { Change } from '../tree/watches.ts';

/** The body of a reply, on its way. */
export type ReplyBody = (writer: ByteWriter) => void;

/** What a request came to. A body is sent where there is one, whatever `err` says. */
export interface Reply {
  readonly err: number;
  readonly body: ReplyBody | null;
}

/** A reply with a body. */
export function replyOf<T>(jute: Jute<T>, value: T): Reply {
  return { err: 0, body: (writer) => jute.write(writer, value) };
}

/** A reply without a body. */
export function bareReply(err: number): Reply {
  return { err, body: null };
}

/** A reply as a frame, size prefix included. */
export function replyFrame(xid: number, zxid: Zxid, { err, body }: Reply): Uint8Array {
  return frame((writer) => {
    replyHeader.write(writer, { xid, zxid, err });
    body?.(writer);
  });
}

/** A watch that has fired, as a frame. */
export function eventFrame({ event, path }: Change, zxid: Zxid): Uint8Array {
  return frame((writer) => {
    replyHeader.write(writer, { xid: Xid.notification, zxid, err: 0 });
    watcherEvent.write(writer, { type: EventType[event], state: KeeperState.SyncConnected, path });
  });
}

/** A size prefix and what is written. */
export function frame(write: ReplyBody): Uint8Array {
  const writer = new ByteWriter();
  const at = writer.reserve(4);
  write(writer);
  writer.patchI32(at, writer.position - 4);
  return writer.finish();
}
