import { ByteReader, ByteWriter } from '@biquorum/std';
import {
  forwardedRequest,
  type MultiOp,
  multiRequest,
  OPEN_ACL,
  OpCode,
  requestHeader,
  toBytes,
} from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { readForwardedWrite, toRequestPacket } from '../../src/quorum/forwarding.ts';
import { readClientRequest } from '../../src/server/client-request.ts';

/** As a client sends it, without its size in front. */
function frameOf(op: MultiOp): Uint8Array {
  const writer = new ByteWriter();
  writer.bytesOf(toBytes(requestHeader, { xid: 1, type: OpCode.multi }));
  writer.bytesOf(toBytes(multiRequest, [op]));
  return writer.finish();
}

const request = { path: '/a', data: null, acl: OPEN_ACL };

test.each([-1, 0, 1, 2, 3, 4, 5, 6, 7, 99])(
  'a multi that makes a node in mode %i with a time to live is to the leader what it was to the learner',
  (flags) => {
    const read = readClientRequest(frameOf({ type: OpCode.createTTL, request: { ...request, flags, ttlMs: 60_000 } }));
    if (read.kind !== 'write') throw new Error(`it is ${read.kind}`);
    const { data } = toRequestPacket({ sessionId: 1n, cxid: 1, request: read.write, ids: [], owner: null });
    const forwarded = forwardedRequest.read(new ByteReader(data as Uint8Array));
    expect(readForwardedWrite(forwarded)).toEqual(read.write);
  },
);
