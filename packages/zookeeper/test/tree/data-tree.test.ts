import { type Acl, type LoggedTxn, OPEN_ACL, OpCode, type Txn } from '@biquorum/zookeeper-wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyTxn, DataTree, extendedKinds, faultOfPath, nodeDigest, type TreeChange } from '../../src/index.ts';

const unsigned = (digest: bigint): string => BigInt.asUintN(64, digest).toString(16);
const noSessions = { created: () => {}, closed: () => {} };

function logged(zxid: number, body: Txn, timeMs = 1_000, clientId = 7n): LoggedTxn {
  return { header: { clientId, cxid: 0, zxid, timeMs }, body, digest: null };
}

function create(path: string, over: { data?: string; ephemeral?: boolean; parentCVersion?: number } = {}): Txn {
  const data = Buffer.from(over.data ?? '');
  const { ephemeral = false, parentCVersion = -1 } = over;
  return { type: OpCode.create, txn: { path, data, acl: OPEN_ACL, ephemeral, parentCVersion } };
}

test('a fresh tree has the digest, nodes and size of a Java server', () => {
  const tree = new DataTree();
  expect(unsigned(tree.digest)).toBe('51c6d660');
  expect(tree.nodeCount).toBe(5);
  expect(tree.approximateDataBytes).toBe(44);
  expect(tree.stat('/zookeeper')?.cversion).toBe(-2);
});

test('the digest after a creation is that of a Java server', () => {
  const tree = new DataTree();
  const body = create('/foo', { data: 'bar', parentCVersion: 1 });
  applyTxn(tree, noSessions, logged(0x1_0000_0002, body, 1_795_218_233_093));
  expect(unsigned(tree.digest)).toBe('20a9945fe');
  expect(tree.stat('/')).toMatchObject({ cversion: 0, numChildren: 2, pzxid: 0x1_0000_0002 });
});

test('children, versions and owners are counted as clients see them', () => {
  const tree = new DataTree();
  applyTxn(tree, noSessions, logged(1, create('/a')));
  applyTxn(tree, noSessions, logged(2, create('/a/b', { ephemeral: true })));
  applyTxn(tree, noSessions, logged(3, { type: OpCode.setData, txn: { path: '/a', data: null, version: 1 } }, 2_000));
  expect(tree.stat('/a')).toEqual({
    czxid: 1,
    mzxid: 3,
    ctimeMs: 1_000,
    mtimeMs: 2_000,
    version: 1,
    cversion: 1,
    aversion: 0,
    ephemeralOwner: 0n,
    dataLength: 0,
    numChildren: 1,
    pzxid: 2,
  });
  expect(tree.stat('/a/b')?.ephemeralOwner).toBe(7n);
  applyTxn(tree, noSessions, logged(4, { type: OpCode.closeSession, txn: { paths: ['/a/b'] } }));
  expect(tree.stat('/a')).toMatchObject({ cversion: 2, numChildren: 0, pzxid: 4 });
  expect(tree.ephemeralsCount).toBe(0);
});

test('of a multi with an error nothing is applied', () => {
  const tree = new DataTree();
  const before = tree.digest;
  const txns: Txn[] = [
    create('/a'),
    { type: OpCode.error, txn: { err: -103 } },
    { type: OpCode.error, txn: { err: -2 } },
  ];
  const applied = applyTxn(tree, noSessions, logged(1, { type: OpCode.multi, txn: { txns } }));
  expect(applied.parts.map(({ err }) => err)).toEqual([0, -103, -2]);
  expect(tree.has('/a')).toBe(false);
  expect(tree.digest).toBe(before);
});

test('a node that a log deletes and that has nodes below goes with all of them, however deep they lie', () => {
  const told: string[] = [];
  const tree = new DataTree(({ event, path }) => void (event === 'NodeDeleted' && told.push(path)));
  const fresh = new DataTree();
  const depth = 5_000;
  let zxid = 0;
  let path = '';
  for (let level = 0; level < depth; level++) {
    path += '/a';
    applyTxn(tree, noSessions, logged(++zxid, create(path)));
  }
  applyTxn(tree, noSessions, logged(++zxid, create('/a/b', { ephemeral: true })));
  expect(applyTxn(tree, noSessions, logged(++zxid, { type: OpCode.delete, txn: { path: '/a' } })).err).toBe(0);
  expect([tree.nodeCount, tree.ephemeralsCount]).toEqual([fresh.nodeCount, 0]);
  expect(tree.approximateDataBytes).toBe(fresh.approximateDataBytes);
  expect([told.length, told.at(-1)]).toEqual([depth + 1, '/a']);
});

test('what a creation changed at its parent is raised, and never lowered, when a log is replayed over a snapshot', () => {
  const tree = new DataTree();
  applyTxn(tree, noSessions, logged(5, create('/a', { parentCVersion: 1 })));
  applyTxn(tree, noSessions, logged(6, create('/a/b', { parentCVersion: 3 })));
  applyTxn(tree, noSessions, logged(6, create('/a/b', { parentCVersion: 5 })));
  expect(tree.stored('/a')).toMatchObject({ cversion: 5, pzxid: 6 });
  applyTxn(tree, noSessions, logged(4, create('/a/b', { parentCVersion: 2 })));
  expect(tree.stored('/a')).toMatchObject({ cversion: 5, pzxid: 6 });
});

test('changes are told in the order in which a Java server fires its watches', () => {
  const changes: TreeChange[] = [];
  const tree = new DataTree((change) => changes.push(change));
  applyTxn(tree, noSessions, logged(1, create('/a')));
  applyTxn(tree, noSessions, logged(2, { type: OpCode.setData, txn: { path: '/a', data: null, version: 1 } }));
  applyTxn(tree, noSessions, logged(3, { type: OpCode.delete, txn: { path: '/a' } }));
  expect(changes.map(({ event, path, zxid }) => `${zxid} ${event} ${path}`)).toEqual([
    '1 NodeCreated /a',
    '1 NodeChildrenChanged /',
    '2 NodeDataChanged /a',
    '3 NodeDeleted /a',
    '3 NodeChildrenChanged /',
  ]);
});

test('a time to live is known by its owner where extended types are enabled', () => {
  const tree = new DataTree(() => {}, extendedKinds);
  const body: Txn = {
    type: OpCode.createTTL,
    txn: { path: '/t', data: null, acl: OPEN_ACL, parentCVersion: -1, ttlMs: 0xff_ffff_ffff },
  };
  applyTxn(tree, noSessions, logged(1, body));
  expect([...tree.ttls]).toEqual(['/t']);
  expect(BigInt.asUintN(64, tree.stored('/t')?.ephemeralOwner ?? 0n).toString(16)).toBe('ff0000ffffffffff');
  expect(tree.stat('/t')?.ephemeralOwner).toBe(0n);
});

test('paths are refused that Java refuses', () => {
  const faulty = [
    '',
    'a',
    '/a/',
    '//',
    '/a//b',
    '/.',
    '/a/./b',
    '/a/..',
    '/..',
    '/a\u0000',
    '/\u007f',
    '/\ue000',
    '/\ud800',
  ];
  expect(faulty.filter((path) => faultOfPath(path) === undefined)).toEqual([]);
  const fine = ['/', '/a', '/a/b', '/.a', '/a.', '/...', '/a/..b', '/ä', '/a b'];
  expect(fine.filter((path) => faultOfPath(path) !== undefined)).toEqual([]);
});

test('after any changes the digest is the sum over the nodes, and a restored snapshot is the same tree', () => {
  const names = ['/a', '/b', '/a/c', '/a/c/d', '/b/e'];
  const step = fc.tuple(
    fc.constantFrom(...names),
    fc.constantFrom('create', 'delete', 'set', 'acl'),
    fc.nat({ max: 5_000 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const tree = new DataTree();
      for (const [at, [path, what, length]] of steps.entries()) {
        const data = new Uint8Array(length).fill(at);
        if (what === 'create')
          tree.createNode(path, { data, acl: null, owner: BigInt(length % 3), parentCVersion: -1 }, at + 1, at);
        else if (what === 'set') tree.setData(path, data, at, at + 1, at);
        else if (what === 'acl') tree.setAcl(path, [{ perms: length & 31, id: { scheme: 'digest', id: 'u:p' } }], at);
        else if (tree.childCount(path) === 0) tree.deleteNode(path, at + 1);
      }
      const entries = [...tree.entries()].map((entry) => ({ ...entry, data: entry.data?.slice() ?? null }));
      const sum = entries.reduce((total, { path, data, stat }) => total + BigInt(nodeDigest(path, data, stat)), 0n);
      expect(tree.digest).toBe(sum);
      const copy = new DataTree();
      copy.clear();
      for (const [index, acl] of tree.acls.entries()) copy.acls.restore(index, acl);
      for (const entry of entries) expect(copy.restoreNode(entry)).toBe(true);
      copy.finishRestore();
      expect(copy.digest).toBe(tree.digest);
      expect(copy.nodeCount).toBe(tree.nodeCount);
      for (const path of names) expect([copy.data(path), copy.acl(path)]).toEqual([tree.data(path), tree.acl(path)]);
    }),
  );
});

test('each of many nodes keeps the ACL that it was made with, and the one that it was given', () => {
  const tree = new DataTree();
  const aclOf = (index: number): readonly Acl[] => [
    { perms: 1 + (index % 31), id: { scheme: 'digest', id: `u${index}` } },
  ];
  const paths = Array.from({ length: 1_000 }, (_, index) => `/node-${index}`);
  for (const [index, path] of paths.entries()) {
    const acl = index % 2 === 0 ? aclOf(index) : OPEN_ACL;
    tree.createNode(path, { data: null, acl, owner: 0n, parentCVersion: index + 1 }, index + 1, 1_000);
  }
  for (const [index, path] of paths.entries()) if (index % 2 === 1) tree.setAcl(path, aclOf(index), 1);
  expect(paths.filter((path, index) => JSON.stringify(tree.acl(path)) !== JSON.stringify(aclOf(index)))).toEqual([]);
  expect(paths.map((path) => tree.stat(path)?.aversion)).toEqual(paths.map((_, index) => index % 2));
});
