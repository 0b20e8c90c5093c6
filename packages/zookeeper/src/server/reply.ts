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

/** A reply as a frame, size prefix included. It holds until the next frame is made. */
export function replyFrame(xid: number, zxid: Zxid, { err, body }: Reply): Uint8Array {
  return frame((writer) => {
    replyHeader.write(writer, { xid, zxid, err });
    body?.(writer);
  });
}

/** A watch that has fired, as a frame. It holds until the next frame is made. */
export function eventFrame({ event, path }: Change, zxid: Zxid): Uint8Array {
  return frame((writer) => {
    replyHeader.write(writer, { xid: Xid.notification, zxid, err: 0 });
    watcherEvent.write(writer, { type: EventType[event], state: KeeperState.SyncConnected, path });
  });
}

/** A size prefix and what is written. It holds until the next frame is made: who keeps it copies it. */
export function frame(write: ReplyBody): Uint8Array {
  if (shared.position > KEPT_BYTES) shared = new ByteWriter({ initialBytes: FIRST_BYTES });
  else shared.reset();
  const at = shared.reserve(4);
  write(shared);
  shared.patchI32(at, shared.position - 4);
  return shared.finish();
}

const FIRST_BYTES = 4_096;
/** Memory that a large reply has needed is not kept. */
const KEPT_BYTES = 256 * 1_024;
let shared: ByteWriter = new ByteWriter({ initialBytes: FIRST_BYTES });
