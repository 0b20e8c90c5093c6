import { ByteReader, ByteWriter } from '@biquorum/std';
import {
  type Acl,
  createRequest,
  createTtlRequest,
  type Jute,
  type LoggedTxn,
  loggedTxn,
  type MultiOp,
  multiReply,
  multiRequest,
  OPEN_ACL,
  OpCode,
  type OpName,
  pathRecord,
  pathVersionRequest,
  pathWatchRequest,
  setAclRequest,
  setDataRequest,
  setWatches2Request,
  setWatchesRequest,
  toBytes,
  watchRequest,
} from '@biquorum/zookeeper-wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Pipeline, StandaloneServer } from '../../src/index.ts';
import { RawClient } from './raw-client.ts';

const clock = { wallMs: () => 1_000, monotonicMs: () => 1_000 };

function start(options: { readonly extendedTypes?: boolean } = {}): {
  alone: StandaloneServer;
  logged: LoggedTxn[];
  client: () => RawClient;
} {
  const alone = new StandaloneServer({ clock, extendedTypes: true, ...options });
  const logged: LoggedTxn[] = [];
  const apply = alone.server.apply.bind(alone.server);
  alone.server.apply = (txn) => {
    logged.push(txn);
    apply(txn);
  };
  const client = (): RawClient => {
    const fresh = new RawClient(alone.server);
    fresh.connect();
    return fresh;
  };
  return { alone, logged, client };
}

const node = (path: string, flags = 0, acl: readonly Acl[] = OPEN_ACL) => ({ path, data: null, acl, flags });
const watches = { relativeZxid: 0, dataWatches: ['/a'], existWatches: ['/b'], childWatches: [] };

/** Each operation that may stand in a multi. */
const MULTI_OPS: readonly MultiOp[] = [
  { type: OpCode.create, request: node('/cut') },
  { type: OpCode.create2, request: node('/cut') },
  { type: OpCode.createContainer, request: node('/cut', 4) },
  { type: OpCode.createTTL, request: { ...node('/cut', 5), ttlMs: 1 } },
  { type: OpCode.delete, request: { path: '/none', version: 0 } },
  { type: OpCode.setData, request: { path: '/none', data: Buffer.from('x'), version: 0 } },
  { type: OpCode.check, request: { path: '/', version: 0 } },
];

/** A whole request of each operation that has a body. */
const BODIES: readonly (readonly [OpName, Uint8Array])[] = [
  ['create', toBytes(createRequest, node('/cut'))],
  ['create2', toBytes(createRequest, node('/cut'))],
  ['createContainer', toBytes(createRequest, node('/cut', 4))],
  ['createTTL', toBytes(createTtlRequest, { ...node('/cut', 5), ttlMs: 1 })],
  ['delete', toBytes(pathVersionRequest, { path: '/none', version: 0 })],
  ['setData', toBytes(setDataRequest, { path: '/none', data: Buffer.from('x'), version: 0 })],
  ['setACL', toBytes(setAclRequest, { path: '/none', acl: OPEN_ACL, version: 0 })],
  ...MULTI_OPS.map((op) => ['multi', toBytes(multiRequest, [op])] as const),
  ['exists', toBytes(pathWatchRequest, { path: '/', watch: true })],
  ['getData', toBytes(pathWatchRequest, { path: '/', watch: true })],
  ['getChildren', toBytes(pathWatchRequest, { path: '/', watch: true })],
  ['getChildren2', toBytes(pathWatchRequest, { path: '/', watch: true })],
  ['getACL', toBytes(pathRecord, { path: '/' })],
  ['getEphemerals', toBytes(pathRecord, { path: '/' })],
  ['getAllChildrenNumber', toBytes(pathRecord, { path: '/' })],
  ['sync', toBytes(pathRecord, { path: '/' })],
  ...([OpCode.getData, OpCode.getChildren] as const).map(
    (type) => ['multiRead', toBytes(multiRequest, [{ type, request: { path: '/', watch: false } }])] as const,
  ),
  ['addWatch', toBytes(watchRequest, { path: '/', type: 0 })],
  ['checkWatches', toBytes(watchRequest, { path: '/', type: 1 })],
  ['removeWatches', toBytes(watchRequest, { path: '/', type: 1 })],
  ['setWatches', toBytes(setWatchesRequest, watches)],
  ['setWatches2', toBytes(setWatches2Request, { ...watches, persistentWatches: [], persistentRecursiveWatches: [] })],
];

const raw: Jute<Uint8Array> = { write: (writer, bytes) => writer.bytesOf(bytes), read: () => new Uint8Array(0) };

test('each operation whose body ends anywhere before its end is answered MarshallingError, and none of it is logged', () => {
  const { logged, client } = start();
  const asking = client();
  const before = logged.length;
  for (const [op, body] of BODIES) {
    for (let length = 0; length < body.length; length++) {
      asking.send(7, op, raw, body.subarray(0, length));
      expect([op, length, ...asking.read()]).toEqual([op, length, '7 MarshallingError']);
    }
  }
  // Java gives a multi its zxid before it reads it: that is logged as a failure, and nothing else is.
  const errors = logged.slice(before).filter(({ body }) => body.type !== OpCode.error);
  expect(errors).toEqual([]);
  expect(asking.ended).toBe(false);
});

test('negative and endless lengths in a body are answered MarshallingError, and nothing is logged', () => {
  const { logged, client } = start();
  const asking = client();
  const before = logged.length;
  for (const length of [-2, -0x8000_0000, 0x7fff_ffff]) {
    for (const [op] of BODIES.filter(([op]) => !op.startsWith('multi'))) {
      const writer = new ByteWriter();
      // A path, or what `setWatches` begins with, and then a length that cannot be.
      if (op.startsWith('setWatches')) writer.i64(0);
      writer.i32(length);
      writer.i32(0);
      asking.send(7, op, raw, writer.finish().slice());
      expect([op, length, ...asking.read()]).toEqual([op, length, '7 MarshallingError']);
    }
  }
  expect(logged).toHaveLength(before);
});

test('negative and endless lengths within the parts of a multi are answered MarshallingError, and no part is logged', () => {
  const { alone, logged, client } = start();
  const asking = client();
  const before = logged.length;
  const nodes = alone.server.tree.nodeCount;
  for (const length of [-2, -0x8000_0000, 0x7fff_ffff]) {
    for (const op of [...MULTI_OPS, { type: OpCode.getData }, { type: OpCode.getChildren }]) {
      const writer = new ByteWriter();
      // One part that would be well, then one whose path has a length that cannot be.
      for (const [type, path] of [
        [OpCode.create, null],
        [op.type, length],
      ] as const) {
        writer.i32(type);
        writer.u8(0);
        writer.i32(-1);
        if (path === null) writer.bytesOf(toBytes(createRequest, node('/before')));
        else writer.i32(path);
      }
      writer.i32(0);
      asking.send(7, 'multi', raw, writer.finish().slice());
      expect([op.type, length, ...asking.read()]).toEqual([op.type, length, '7 MarshallingError']);
    }
  }
  expect(logged.slice(before).filter(({ body }) => body.type !== OpCode.error)).toEqual([]);
  expect([alone.server.tree.nodeCount, asking.ended]).toEqual([nodes, false]);
});

test('versions that no node has are refused, alone and in a multi', () => {
  const { client } = start();
  const asking = client();
  asking.send(1, 'create', createRequest, node('/v'));
  asking.read();
  for (const version of [-2, -0x8000_0000, 1, 0x7fff_ffff]) {
    const target = { path: '/v', version };
    asking.send(1, 'delete', pathVersionRequest, target);
    asking.send(1, 'setData', setDataRequest, { ...target, data: null });
    asking.send(1, 'setACL', setAclRequest, { ...target, acl: OPEN_ACL });
    expect(asking.read()).toEqual(['1 BadVersion', '1 BadVersion', '1 BadVersion']);
    for (const op of [
      { type: OpCode.delete, request: target },
      { type: OpCode.setData, request: { ...target, data: null } },
      { type: OpCode.check, request: target },
    ] as const) {
      const ops = [{ type: OpCode.create, request: node('/with') }, op] as const;
      expect(asking.call('multi', multiRequest, ops, multiReply)).toEqual([
        { type: OpCode.error, err: 0 },
        { type: OpCode.error, err: -103 },
      ]);
    }
  }
});

test('modes and times to live that cannot be are refused before anything is made, inside a multi too', () => {
  const { alone, client } = start();
  const asking = client();
  const nodes = alone.server.tree.nodeCount;
  const answers = (op: OpName, body: Uint8Array): string[] => {
    asking.send(1, op, raw, body);
    return asking.read();
  };
  const ttl = (flags: number, ttlMs: number) => ({ type: OpCode.createTTL, request: { ...node('/t', flags), ttlMs } });
  for (const flags of [-1, 7, 100, 0x7fff_ffff]) {
    expect(answers('create', toBytes(createRequest, node('/m', flags)))).toEqual(['1 BadArguments']);
    expect(answers('multi', toBytes(multiRequest, [{ type: OpCode.create, request: node('/m', flags) }]))).toEqual([
      '1 MarshallingError',
    ]);
  }
  // With flags of a time to live but no time, as only other operations carry it.
  expect(answers('create', toBytes(createRequest, node('/m', 5)))).toEqual(['1 BadArguments']);
  expect(answers('multi', toBytes(multiRequest, [{ type: OpCode.create2, request: node('/m', 6) }]))).toEqual([
    '1 MarshallingError',
  ]);
  for (const ttlMs of [0, -1, 0x100_0000_0000, Number.MAX_SAFE_INTEGER]) {
    expect(answers('createTTL', toBytes(createTtlRequest, ttl(5, ttlMs).request))).toEqual(['1 BadArguments']);
    asking.send(1, 'multi', multiRequest, [ttl(5, ttlMs)]);
    expect(asking.read()).toEqual(['1 Ok']);
  }
  expect(answers('createTTL', toBytes(createTtlRequest, ttl(0, -1).request))).toEqual(['1 BadArguments']);
  // 2^63 − 1, which is no number here.
  const longest = toBytes(createTtlRequest, ttl(5, 0).request);
  new DataView(longest.buffer).setBigInt64(longest.length - 8, 0x7fff_ffff_ffff_ffffn);
  expect(answers('createTTL', longest)).toEqual(['1 BadArguments']);
  expect(alone.server.tree.nodeCount).toBe(nodes);
});

test('a multi of both kinds, and a kind in the other operation, is answered MarshallingError and logs no part of it', () => {
  const { logged, client } = start();
  const asking = client();
  const write = { type: OpCode.create, request: node('/x') } as const;
  const read = { type: OpCode.getData, request: { path: '/', watch: false } } as const;
  for (const [op, ops] of [
    ['multi', [write, read]],
    ['multi', [read]],
    ['multiRead', [read, write]],
    ['multiRead', [write]],
  ] as const) {
    asking.send(1, op, multiRequest, ops);
    expect(asking.read()).toEqual(['1 MarshallingError']);
  }
  expect(logged.filter(({ body }) => body.type === OpCode.multi)).toEqual([]);
  asking.send(2, 'multi', multiRequest, []);
  asking.send(3, 'multiRead', multiRequest, []);
  expect(asking.read()).toEqual(['2 Ok', '3 Ok']);
});

test('whatever a client sends, the server lives, and every transaction can be read back', () => {
  const { alone, logged, client } = start();
  const ops = [...new Set([...Object.values(OpCode), 10, 23, 99, -2, 0x7fff_ffff])];
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    // A whole body with some bytes of it changed.
    fc
      .tuple(fc.constantFrom(...BODIES), fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 3 }))
      .map(([[, body], changes]) => {
        const bytes = body.slice();
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return bytes;
      }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...ops), garbage), { maxLength: 8 }), (requests) => {
      const asking = client();
      for (const [type, body] of requests) {
        const writer = new ByteWriter();
        writer.i32(1);
        writer.i32(type);
        writer.bytesOf(body);
        alone.server.receive(asking.connection, writer.finish().slice());
      }
      for (const txn of logged.splice(0)) {
        const bytes = toBytes(loggedTxn, txn);
        expect(toBytes(loggedTxn, loggedTxn.read(new ByteReader(bytes)))).toEqual(bytes);
      }
      alone.server.closed(asking.connection);
    }),
    { numRuns: 1_000, seed: 20 },
  );
  expect(alone.server.outstanding).toBe(0);
  expect(alone.server.stats.metrics.counters.digest_mismatches_count.value).toBe(0);
});

test('who is not connected yet ends with whatever is no connect request', () => {
  const { alone } = start();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 27 }), (bytes) => {
      const stranger = new RawClient(alone.server);
      alone.server.receive(stranger.connection, bytes);
      expect(stranger.ended).toBe(true);
    }),
    { numRuns: 200, seed: 20 },
  );
  expect(alone.server.connections.size).toBe(0);
});

test('a transaction too large to be read back is never made, and a session with too many ephemerals still ends', () => {
  const alone = new StandaloneServer({ clock, txnBytesMax: 2_000 });
  const logged: LoggedTxn[] = [];
  const apply = alone.server.apply.bind(alone.server);
  alone.server.apply = (txn) => {
    logged.push(txn);
    apply(txn);
  };
  const asking = new RawClient(alone.server);
  asking.connect();
  const large = Buffer.alloc(1_200);
  const ops = ['/a', '/b'].map((path) => ({ type: OpCode.create, request: { ...node(path), data: large } }));
  asking.send(1, 'multi', multiRequest, ops);
  expect(asking.read()).toEqual(['1 MarshallingError']);
  expect(alone.server.tree.has('/a')).toBe(false);
  for (let count = 0; count < 200; count++) asking.send(2, 'create', createRequest, node(`/e${count}`, 1));
  asking.read();
  asking.send(3, 'closeSession');
  expect(alone.server.tree.ephemeralsCount).toBe(0);
  expect(logged.at(-1)?.body).toEqual({ type: OpCode.closeSession, txn: { paths: null } });
  for (const txn of logged) expect(toBytes(loggedTxn, txn).length).toBeLessThanOrEqual(2_000);
});

test('a pipeline that never answers keeps answers behind it, and loses nothing of who went away', () => {
  const submitted: unknown[] = [];
  const alone = new StandaloneServer({ clock });
  const submit: Pipeline['submit'] = alone.submit.bind(alone);
  const client = new RawClient(alone.server);
  client.connect();
  alone.submit = (submission) => void submitted.push(submission);
  client.send(1, 'create', createRequest, node('/a'));
  client.send(2, 'getData', pathWatchRequest, { path: '/a', watch: false });
  client.send(3, 'sync', pathRecord, { path: '/' });
  expect([client.read(), alone.server.outstanding]).toEqual([[], 3]);
  submit(submitted[0] as Parameters<typeof submit>[0]);
  expect([client.read(), alone.server.outstanding]).toEqual([['1 Ok', '2 Ok', '3 Ok'], 0]);
  client.send(4, 'create', createRequest, node('/b'));
  alone.server.closed(client.connection);
  expect(alone.server.outstanding).toBe(0);
  submit(submitted[1] as Parameters<typeof submit>[0]);
  expect(alone.server.tree.has('/b')).toBe(true);
});
