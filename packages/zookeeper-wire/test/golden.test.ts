import { ByteReader } from '@biquorum/std';
import { expect, test } from 'vitest';
import {
  connectRequest,
  connectResponse,
  ErrorCode,
  electionHello,
  learnerInfo,
  loggedTxn,
  multiReply,
  OpCode,
  sessionPassword,
  toBytes,
} from '../src/index.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

// Bytes of Apache ZooKeeper 3.8.0.
test('session passwords are those that a Java server computes', () => {
  expect(hex(sessionPassword(0x0100001aa2470000n))).toBe('ebcc87809c93263b41cddbdb45138d42');
  expect(hex(sessionPassword(0x0100001eadf40000n))).toBe('2ee624c123878046bcc76714a43b95ac');
});

test('the beginning of a session is logged as a Java server logs it', () => {
  const java = bytes(
    '0100001eadf40000 00000000 0000000100000001 000001a1fb5856ed fffffff6 00002710 00000002 0000000051c6d660',
  );
  const txn = loggedTxn.read(new ByteReader(java));
  expect(txn).toEqual({
    header: { clientId: 0x0100001eadf40000n, cxid: 0, zxid: 0x1_0000_0001, timeMs: 0x1a1fb5856ed },
    body: { type: OpCode.createSession, txn: { timeoutMs: 10_000 } },
    digest: { version: 2, treeDigest: 0x51c6d660n },
  });
  expect(hex(toBytes(loggedTxn, txn))).toBe(hex(java));
});

test('a multi that failed is answered as a Java server answers it', () => {
  const java = bytes(
    'ffffffff 00 00000000 00000000 ffffffff 00 ffffff99 ffffff99 ffffffff 00 fffffffe fffffffe ffffffff 01 ffffffff',
  );
  const results = multiReply.read(new ByteReader(java));
  expect(results.map((result) => (result.type === OpCode.error ? result.err : undefined))).toEqual([
    ErrorCode.Ok,
    ErrorCode.BadVersion,
    ErrorCode.RuntimeInconsistency,
  ]);
  expect(hex(toBytes(multiReply, results))).toBe(hex(java));
});

test('the hello on an election connection is that of a Java server', () => {
  const java = bytes(`ffffffffffff0000 0000000000000001 0000000f ${Buffer.from('127.0.0.1:23301').toString('hex')}`);
  const hello = { serverId: 1n, addresses: ['127.0.0.1:23301'] };
  expect(electionHello.fromBytes(java)).toEqual({ hello, byteLength: java.length });
  expect(hex(electionHello.toBytes(hello))).toBe(hex(java));
  expect(electionHello.fromBytes(java.subarray(0, 30))).toBeUndefined();
});

test('a follower introduces itself as a Java server does', () => {
  const java = bytes('0000000000000002 00010000 0000000000000000');
  const info = { serverId: 2n, protocolVersion: 0x10000, configVersion: 0 };
  expect(learnerInfo.read(new ByteReader(java))).toEqual(info);
  expect(hex(toBytes(learnerInfo, info))).toBe(hex(java));
});

test('a refused session is answered in 37 bytes', () => {
  const refusal = { protocolVersion: 0, timeoutMs: 0, sessionId: 0n, password: new Uint8Array(16), readOnly: false };
  expect(hex(toBytes(connectResponse, refusal))).toBe(
    `00000000 00000000 0000000000000000 00000010 ${'00'.repeat(17)}`.replaceAll(' ', ''),
  );
});

test('a client that is too old for the read-only flag is answered without it', () => {
  const request = {
    protocolVersion: 0,
    lastZxidSeen: 0,
    timeoutMs: 5_000,
    sessionId: 0n,
    password: new Uint8Array(16),
  };
  const old = toBytes(connectRequest, { ...request, readOnly: null });
  expect(old.length).toBe(44);
  expect(connectRequest.read(new ByteReader(old)).readOnly).toBeNull();
  const young = toBytes(connectRequest, { ...request, readOnly: true });
  expect(young.length).toBe(45);
  expect(connectRequest.read(new ByteReader(young)).readOnly).toBe(true);
});
