import { createNodePorts } from '@biquorum/platform/node';
import { ByteReader, ByteWriter, FrameReader } from '@biquorum/std';
import {
  connectRequest,
  createRequest,
  errorName,
  OPEN_ACL,
  OpCode,
  replyHeader,
  requestHeader,
  setDataRequest,
  toBytes,
} from '@biquorum/zookeeper-wire';

/** A request of the load. */
export interface Request {
  readonly op: 'create' | 'setData';
  readonly path: string;
  readonly data: Uint8Array;
}

/** What may be under way at a time. */
const OUTSTANDING_MAX = 500;

/** Plays requests to a server over one connection, hundreds under way at a time. @throws Error when one fails */
export async function play(port: number, requests: Iterable<Request>): Promise<void> {
  const ports = createNodePorts();
  const connection = await ports.network.dial({ host: '127.0.0.1', port, timeoutMs: 10_000 });
  const ended = Promise.withResolvers<void>();
  const next = requests[Symbol.iterator]();
  let underWay = 0;
  let xid = 0;
  let all = false;
  let welcomed = false;
  const fill = (): void => {
    const writer = new ByteWriter();
    while (!all && underWay < OUTSTANDING_MAX) {
      const { value, done } = next.next();
      all = done === true;
      if (all) break;
      const at = writer.reserve(4);
      writeRequest(writer, ++xid, value);
      writer.patchI32(at, writer.position - at - 4);
      underWay++;
    }
    if (writer.position > 0) connection.write([writer.finish()]);
    if (all && underWay === 0) ended.resolve();
  };
  const frames = new FrameReader(1 << 20, (frame) => {
    if (!welcomed) {
      welcomed = true;
      return;
    }
    const { err } = replyHeader.read(new ByteReader(frame));
    if (err !== 0) ended.reject(new Error(`request ${xid - underWay + 1} was answered with ${errorName(err)}`));
    underWay--;
  });
  connection.start({
    data: (chunk) => {
      frames.push(chunk);
      if (underWay < OUTSTANDING_MAX / 2) fill();
    },
    end: () => ended.reject(new Error('the server has ended the connection')),
    drained: () => {},
    closed: () => ended.reject(new Error('the connection is gone')),
  });
  const hello = { protocolVersion: 0, lastZxidSeen: 0, timeoutMs: 40_000, sessionId: 0n, password: null };
  const bytes = toBytes(connectRequest, { ...hello, readOnly: false });
  const size = new Uint8Array(4);
  new DataView(size.buffer).setInt32(0, bytes.length);
  connection.write([size, bytes]);
  await ended.promise;
  connection.abort();
  await ports.close();
}

function writeRequest(writer: ByteWriter, xid: number, { op, path, data }: Request): void {
  requestHeader.write(writer, { xid, type: OpCode[op] });
  if (op === 'create') createRequest.write(writer, { path, data, acl: OPEN_ACL, flags: 0 });
  else setDataRequest.write(writer, { path, data, version: -1 });
}
