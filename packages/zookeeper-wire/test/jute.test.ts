import { ByteReader, BytesError } from '@biquorum/std';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Acl,
  counterOf,
  epochOf,
  formatZxid,
  loggedTxn,
  type MultiOp,
  multiRequest,
  notification,
  nullableText,
  OpCode,
  quorumPacket,
  setWatches2Request,
  type Txn,
  text,
  toBytes,
  vector,
  zxidOf,
} from '../src/index.ts';

const path = fc.string({ unit: 'binary', maxLength: 20 }).map((name) => `/${name.toWellFormed()}`);
const data = fc.option(fc.uint8Array({ maxLength: 40 }));
const acl: fc.Arbitrary<readonly Acl[]> = fc.array(
  fc.record({ perms: fc.integer({ min: 0, max: 31 }), id: fc.record({ scheme: fc.constant('digest'), id: path }) }),
  { maxLength: 3 },
);
const int = fc.integer();
const zxid = fc.maxSafeNat();

const create = fc.record({ path, data, acl, ephemeral: fc.boolean(), parentCVersion: int });
const container = fc.record({ path, data, acl, parentCVersion: int });
const simple: fc.Arbitrary<Txn> = fc.oneof(
  create.map((txn) => ({ type: OpCode.create, txn })),
  container.map((txn) => ({ type: OpCode.createContainer, txn })),
  fc.tuple(container, zxid).map(([txn, ttlMs]) => ({ type: OpCode.createTTL, txn: { ...txn, ttlMs } })),
  path.map((gone) => ({ type: OpCode.delete, txn: { path: gone } })),
  fc.record({ path, data, version: int }).map((txn) => ({ type: OpCode.setData, txn })),
  fc.record({ path, acl, version: int }).map((txn) => ({ type: OpCode.setACL, txn })),
  fc.record({ path, version: int }).map((txn) => ({ type: OpCode.check, txn })),
  int.map((err) => ({ type: OpCode.error, txn: { err } })),
);
const session: fc.Arbitrary<Txn> = fc.oneof(
  int.map((timeoutMs) => ({ type: OpCode.createSession, txn: { timeoutMs } })),
  fc.option(fc.array(path, { maxLength: 4 })).map((paths) => ({ type: OpCode.closeSession, txn: { paths } })),
);
const txn: fc.Arbitrary<Txn> = fc.oneof(
  simple,
  session,
  fc.array(simple, { maxLength: 4 }).map((txns) => ({ type: OpCode.multi, txn: { txns } })),
);
const logged = fc.record({
  header: fc.record({ clientId: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), cxid: int, zxid, timeMs: zxid }),
  body: txn,
  digest: fc.option(fc.record({ version: fc.constant(2), treeDigest: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) })),
});

test('a logged transaction is read as it was written, with and without a digest', () => {
  fc.assert(
    fc.property(logged, (value) => {
      const plain = (read: unknown): unknown =>
        JSON.parse(
          JSON.stringify(read, (_, field) => {
            if (typeof field === 'bigint') return `${field}n`;
            return field instanceof Uint8Array ? Buffer.from(field).toString('hex') : field;
          }),
        );
      expect(plain(loggedTxn.read(new ByteReader(toBytes(loggedTxn, value))))).toEqual(plain(value));
    }),
  );
});

test('damaged bytes of a transaction are a typed error, whatever was damaged', () => {
  fc.assert(
    fc.property(logged, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(), (value, at, byte, cut) => {
      const bytes = toBytes(loggedTxn, value);
      bytes[at % bytes.length] = byte;
      try {
        loggedTxn.read(new ByteReader(bytes.subarray(0, bytes.length - (cut % bytes.length))));
      } catch (error) {
        expect(error).toBeInstanceOf(BytesError);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a vector with more elements than there are bytes is refused before anything is allocated', () => {
  const bytes = Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0);
  expect(() => vector(text, 4).read(new ByteReader(bytes))).toThrow(BytesError);
  expect(() => text.read(new ByteReader(bytes))).toThrow(BytesError);
});

test('null is told from the empty text where a record can hold null', () => {
  expect(nullableText.read(new ByteReader(toBytes(nullableText, null)))).toBeNull();
  expect(nullableText.read(new ByteReader(toBytes(nullableText, '')))).toBe('');
});

test('operations of a multi are read as they were written', () => {
  const ops: readonly MultiOp[] = [
    { type: OpCode.create, request: { path: '/a', data: null, acl: [], flags: 1 } },
    { type: OpCode.check, request: { path: '/b', version: 3 } },
    { type: OpCode.createTTL, request: { path: '/c', data: Uint8Array.of(1), acl: [], flags: 5, ttlMs: 100 } },
    { type: OpCode.setData, request: { path: '/d', data: Uint8Array.of(2), version: -1 } },
    { type: OpCode.getChildren, request: { path: '/e', watch: false } },
  ];
  expect(multiRequest.read(new ByteReader(toBytes(multiRequest, ops)))).toEqual(ops);
});

test('watches are set again in the order data, exist, child, persistent, recursive', () => {
  const request = {
    relativeZxid: 7,
    dataWatches: ['/a'],
    existWatches: ['/b'],
    childWatches: ['/c'],
    persistentWatches: ['/d'],
    persistentRecursiveWatches: ['/e'],
  };
  const written = Buffer.from(toBytes(setWatches2Request, request));
  expect(written.toString('latin1').replaceAll(/[^a-e]/g, '')).toBe('abcde');
  expect(setWatches2Request.read(new ByteReader(written))).toEqual(request);
});

test('a packet without identities is written with the null vector, as Java writes it', () => {
  const ping = { type: 5, zxid: zxidOf(1, 2), data: null, authinfo: null };
  expect(Buffer.from(toBytes(quorumPacket, ping)).toString('hex')).toBe('000000050000000100000002ffffffffffffffff');
  expect(quorumPacket.read(new ByteReader(toBytes(quorumPacket, ping)))).toEqual(ping);
});

test('a vote without a configuration, or of an old server, is read too', () => {
  const vote = {
    state: 0,
    leader: 3n,
    zxid: 0x1_0000_0005n,
    electionEpoch: 2n,
    peerEpoch: 1n,
    version: 2,
    config: 'version=0',
  };
  const bytes = notification.toBytes(vote);
  expect(bytes.length).toBe(44 + 9);
  expect(notification.fromBytes(bytes)).toEqual(vote);
  expect(notification.fromBytes(bytes.subarray(0, 40))).toEqual({ ...vote, version: 0, config: null });
  expect(notification.fromBytes(bytes.subarray(0, 28))).toEqual({ ...vote, version: 0, config: null });
  expect(() => notification.fromBytes(bytes.subarray(0, 27))).toThrow(BytesError);
  expect(() => notification.fromBytes(bytes.subarray(0, 50))).toThrow(BytesError);
});

test('a zxid is an epoch and a counter', () => {
  const zxid = zxidOf(0x12, 0xffff_ffff);
  expect([epochOf(zxid), counterOf(zxid), formatZxid(zxid)]).toEqual([0x12, 0xffff_ffff, '0x12ffffffff']);
  expect([epochOf(-1), formatZxid(-1)]).toEqual([-1, '0xffffffffffffffff']);
});
