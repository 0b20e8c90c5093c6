import { createMode, ErrorCode, errorName, type Id, OPEN_ACL, OpCode } from '@biquorum/zookeeper-wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyTxn, DataTree, Preparer, type RequestOrigin, type WriteRequest } from '../../src/index.ts';

const noSessions = { created: () => {}, closed: () => {} };
const me: RequestOrigin = { sessionId: 7n, cxid: 1, ids: [] };
const bob: Id = { scheme: 'digest', id: 'bob:ikIaKsbtGweaHnb/jKn7OHqbunM=' };

class Server {
  readonly tree = new DataTree();
  readonly preparer = new Preparer(this.tree);
  #zxid = 0;

  /** Prepares and applies; the name of the error, or of what was made. */
  run(request: WriteRequest, origin = me): string {
    const txn = this.preparer.prepare(request, origin, ++this.#zxid, 1_000);
    const applied = applyTxn(this.tree, noSessions, txn);
    this.preparer.applied(this.#zxid);
    if (txn.digest !== null) expect(this.tree.digest).toBe(txn.digest.treeDigest);
    return applied.err === ErrorCode.Ok ? (applied.path ?? 'Ok') : (errorName(applied.err) ?? '?');
  }
}

function create(path: string, mode: Parameters<typeof createMode>[0] = 'persistent', acl = OPEN_ACL): WriteRequest {
  return { type: OpCode.create, request: { path, data: null, acl, flags: createMode(mode).flags } };
}

test('a creation is checked in the order in which Java checks it', () => {
  const server = new Server();
  const unknownMode: WriteRequest = { type: OpCode.create, request: { path: '', data: null, acl: [], flags: 9 } };
  expect(server.run(unknownMode)).toBe('BadArguments');
  expect(server.run({ type: OpCode.createTTL, request: { path: '/t', data: null, acl: [], flags: 5, ttlMs: 1 } })).toBe(
    'Unimplemented',
  );
  expect(server.run(create('a'))).toBe('BadArguments');
  expect(server.run(create('/x/y', 'persistent', []))).toBe('InvalidACL');
  expect(server.run(create('/x/y'))).toBe('NoNode');
  expect(server.run(create('/a/'))).toBe('NoNode');
  expect(server.run(create('/a'))).toBe('/a');
  expect(server.run(create('/a/'))).toBe('BadArguments');
  expect(server.run(create('/a/../b'))).toBe('NoNode');
  expect(server.run(create('/a'))).toBe('NodeExists');
  expect(server.run(create('/'))).toBe('NodeExists');
  expect(server.run(create('/e', 'ephemeral'))).toBe('/e');
  expect(server.run(create('/e/f'))).toBe('NoChildrenForEphemerals');
});

test('sequential names count creations below the parent, whatever they were', () => {
  const server = new Server();
  server.run(create('/q'));
  expect(server.run(create('/q/n-', 'persistentSequential'))).toBe('/q/n-0000000000');
  server.run(create('/q/other'));
  expect(server.run({ type: OpCode.delete, request: { path: '/q/other', version: -1 } })).toBe('Ok');
  expect(server.run(create('/q/n-', 'ephemeralSequential'))).toBe('/q/n-0000000002');
  expect(server.run(create('/q/', 'persistentSequential'))).toBe('/q/0000000003');
});

test('deletions, data and ACLs are checked in the order in which Java checks them', () => {
  const server = new Server();
  const acl = [{ perms: 1, id: { scheme: 'world', id: 'anyone' } }];
  server.run(create('/a'));
  server.run(create('/a/b'));
  server.run(create('/r', 'persistent', acl));
  const remove = (path: string, version = -1): WriteRequest => ({ type: OpCode.delete, request: { path, version } });
  expect(server.run(remove('/'))).toBe('BadArguments');
  expect(server.run(remove('/zookeeper/quota'))).toBe('BadArguments');
  expect(server.run(remove('/r/none'))).toBe('NoAuth');
  expect(server.run(remove('/none'))).toBe('NoNode');
  expect(server.run(remove('/a', 3))).toBe('BadVersion');
  expect(server.run(remove('/a', 0))).toBe('NotEmpty');
  const set = (path: string, version: number): WriteRequest => ({
    type: OpCode.setData,
    request: { path, data: null, version },
  });
  expect(server.run(set('/none', 0))).toBe('NoNode');
  expect(server.run(set('/r', 5))).toBe('NoAuth');
  expect(server.run(set('/a', 5))).toBe('BadVersion');
  expect(server.run(set('/a', 0))).toBe('Ok');
  const protect = (path: string, version: number): WriteRequest => ({
    type: OpCode.setACL,
    request: { path, acl, version },
  });
  expect(server.run(protect('/none', 0))).toBe('NoNode');
  expect(server.run(protect('/r', 9))).toBe('NoAuth');
  expect(server.run(protect('/a', 9))).toBe('BadVersion');
  expect(server.run(protect('/a', 0))).toBe('Ok');
  expect(server.run(set('/a', 1))).toBe('NoAuth');
});

test('auth in an ACL stands for those who ask, and needs somebody who has proved who they are', () => {
  const server = new Server();
  const acl = [{ perms: 31, id: { scheme: 'auth', id: '' } }];
  expect(server.run(create('/mine', 'persistent', acl))).toBe('InvalidACL');
  expect(server.run(create('/mine', 'persistent', acl), { ...me, ids: [bob] })).toBe('/mine');
  expect(server.tree.acl('/mine')).toEqual([{ perms: 31, id: bob }]);
  expect(server.run(create('/mine/x'))).toBe('NoAuth');
  expect(server.run(create('/mine/x'), { ...me, ids: [{ scheme: 'super', id: '' }] })).toBe('/mine/x');
});

test('a multi takes effect as a whole or not at all', () => {
  const server = new Server();
  const check = (path: string): WriteRequest & { type: 14 } => ({
    type: OpCode.multi,
    ops: [
      { type: OpCode.create, request: { path: '/a', data: null, acl: OPEN_ACL, flags: 0 } },
      { type: OpCode.create, request: { path: '/a/b', data: null, acl: OPEN_ACL, flags: 0 } },
      { type: OpCode.check, request: { path, version: 0 } },
      { type: OpCode.delete, request: { path: '/a/b', version: -1 } },
    ],
  });
  expect(server.run(check('/none'))).toBe('NoNode');
  expect(server.tree.has('/a')).toBe(false);
  expect(server.preparer.outstanding).toBe(0);
  expect(server.run(create('/a/b'))).toBe('NoNode');
  expect(server.run(check('/a'))).toBe('Ok');
  expect(server.tree.children('/a')).toEqual([]);
});

test('requests see what those before them will have made, before any of it is applied', () => {
  const { preparer, tree } = new Server();
  const requests: WriteRequest[] = [
    create('/a'),
    create('/a/n-', 'ephemeralSequential'),
    create('/a/n-', 'ephemeralSequential'),
    { type: OpCode.setData, request: { path: '/a', data: Uint8Array.of(1), version: 0 } },
    { type: OpCode.setData, request: { path: '/a', data: Uint8Array.of(2), version: 0 } },
    { type: OpCode.closeSession },
    { type: OpCode.delete, request: { path: '/a', version: 1 } },
  ];
  const txns = requests.map((request, at) => preparer.prepare(request, me, at + 1, 1_000));
  const applied = txns.map((txn) => {
    const result = applyTxn(tree, noSessions, txn);
    if (txn.digest !== null) expect(tree.digest).toBe(txn.digest.treeDigest);
    return result.err;
  });
  expect(applied).toEqual([0, 0, 0, 0, ErrorCode.BadVersion, 0, 0]);
  expect(txns[5]?.body).toEqual({ type: OpCode.closeSession, txn: { paths: ['/a/n-0000000000', '/a/n-0000000001'] } });
  preparer.applied(7);
  expect(preparer.outstanding).toBe(0);
  expect(tree.has('/a')).toBe(false);
});

test('whatever is prepared ahead, the tree afterwards has the digest that was foretold', () => {
  const path = fc.constantFrom('/a', '/b', '/a/c', '/a/c/d');
  const version = fc.integer({ min: -1, max: 2 });
  const op = fc.oneof(
    fc.tuple(path, fc.nat({ max: 3 })).map(([at, flags]) => ({
      type: OpCode.create,
      request: { path: at, data: null, acl: OPEN_ACL, flags },
    })),
    fc.tuple(path, version).map(([at, v]) => ({ type: OpCode.delete, request: { path: at, version: v } })),
    fc.tuple(path, version).map(([at, v]) => ({
      type: OpCode.setData,
      request: { path: at, data: Uint8Array.of(v & 0xff), version: v },
    })),
  );
  const request: fc.Arbitrary<WriteRequest> = fc.oneof(
    { weight: 6, arbitrary: op },
    { weight: 3, arbitrary: fc.array(op, { maxLength: 4 }).map((ops) => ({ type: OpCode.multi, ops })) },
    { weight: 1, arbitrary: fc.constant<WriteRequest>({ type: OpCode.closeSession }) },
  );
  fc.assert(
    fc.property(fc.array(fc.array(request, { maxLength: 6 }), { maxLength: 8 }), (rounds) => {
      const tree = new DataTree();
      const preparer = new Preparer(tree);
      let zxid = 0;
      for (const round of rounds) {
        const txns = round.map((one) => preparer.prepare(one, me, ++zxid, zxid));
        for (const txn of txns) {
          const { err } = applyTxn(tree, noSessions, txn);
          if (txn.body.type !== OpCode.error && txn.body.type !== OpCode.multi) expect(err).toBe(ErrorCode.Ok);
          if (txn.digest !== null) expect(tree.digest).toBe(txn.digest.treeDigest);
          preparer.applied(txn.header.zxid);
        }
        expect(preparer.outstanding).toBe(0);
      }
    }),
    { numRuns: 300 },
  );
});

test('paths of data, ACLs and checks are looked at before the node is, as Java does', () => {
  const server = new Server();
  for (const path of ['', 'a', '/a/', '/a//b', '/a/./b', '/a\u0000']) {
    expect(server.run({ type: OpCode.setData, request: { path, data: null, version: -1 } })).toBe('BadArguments');
    expect(server.run({ type: OpCode.setACL, request: { path, acl: [], version: -1 } })).toBe('BadArguments');
  }
  expect(server.run({ type: OpCode.delete, request: { path: '/a\u0000', version: -1 } })).toBe('BadArguments');
  expect(server.run({ type: OpCode.delete, request: { path: '/a/', version: -1 } })).toBe('NoNode');
});

test('Java looks at the session after the mode of a creation, and before all else', () => {
  const { preparer } = new Server();
  const fault = (request: WriteRequest): number => {
    const { body } = preparer.prepare(request, me, 1, 1_000, 'SessionMoved');
    return body.type === OpCode.error ? body.txn.err : 0;
  };
  const odd = (flags: number): WriteRequest => ({
    type: OpCode.create,
    request: { path: '', data: null, acl: [], flags },
  });
  expect([fault(odd(9)), fault(odd(5)), fault(odd(0))]).toEqual([
    ErrorCode.BadArguments,
    ErrorCode.Unimplemented,
    ErrorCode.SessionMoved,
  ]);
  expect(fault({ type: OpCode.delete, request: { path: '', version: 0 } })).toBe(ErrorCode.SessionMoved);
  expect(fault({ type: OpCode.setData, request: { path: '', data: null, version: 0 } })).toBe(ErrorCode.SessionMoved);
  expect(fault({ type: OpCode.setACL, request: { path: '', acl: [], version: 0 } })).toBe(ErrorCode.SessionMoved);
  // A session that has moved may still be ended, and a multi fails in its parts.
  expect(fault({ type: OpCode.closeSession })).toBe(0);
  const multi = preparer.prepare({ type: OpCode.multi, ops: [odd(0) as never] }, me, 1, 1_000, 'SessionMoved');
  expect(multi.body).toEqual({
    type: OpCode.multi,
    txn: { txns: [{ type: OpCode.error, txn: { err: ErrorCode.SessionMoved } }] },
  });
});

test('ids of users in ACLs are two parts between colons, of which empty ones at the end do not count', () => {
  const server = new Server();
  const acl = (id: string) => [{ perms: 31, id: { scheme: 'digest', id } }];
  const outcomes = ['a:b', ':b', 'a:b:', 'a', 'a:', 'a:b:c', ''].map((id, at) =>
    server.run(create(`/${at}`, 'persistent', acl(id))),
  );
  const refused = 'InvalidACL';
  expect(outcomes).toEqual(['/0', '/1', '/2', refused, refused, refused, refused]);
});
