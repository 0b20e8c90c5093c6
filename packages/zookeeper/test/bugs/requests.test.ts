/** Bugs of ZooKeeper's pipeline of requests, each as the course of events that showed it. */
import {
  type Acl,
  create2Reply,
  createRequest,
  type LoggedTxn,
  type MultiOp,
  multiReply,
  multiRequest,
  OPEN_ACL,
  OpCode,
  pathVersionRequest,
  pathWatchRequest,
  setAclRequest,
  setDataRequest,
  statReply,
  toBytes,
  watchRequest,
} from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { DataTree, Preparer, StandaloneServer, type WriteRequest } from '../../src/index.ts';
import { MemoryEnsemble } from '../quorum/memory-ensemble.ts';
import { RawClient } from '../server/raw-client.ts';

const clock = { wallMs: (): number => 1_000, monotonicMs: (): number => 1_000 };
const FRAME_BYTES_MAX = 0xfffff;
const node = (path: string, flags = 0, data: Uint8Array | null = null) => ({ path, data, acl: OPEN_ACL, flags });

function start(): { alone: StandaloneServer; logged: LoggedTxn[]; client: () => RawClient } {
  const alone = new StandaloneServer({ clock, extendedTypes: true });
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

test('ZOOKEEPER-2623: a check alone is no request: nothing of it is logged, and the next one has the next zxid', () => {
  const { alone, logged, client } = start();
  const [asking, other] = [client(), client()];
  const before = [alone.server.lastZxid, logged.length];
  asking.send(1, 'check', pathVersionRequest, { path: '/', version: 0 });
  expect([asking.read(), asking.ended]).toEqual([['1 Unimplemented'], true]);
  expect([alone.server.lastZxid, logged.length]).toEqual(before);
  const check: MultiOp = { type: OpCode.check, request: { path: '/', version: 0 } };
  expect(other.call('multi', multiRequest, [check], multiReply)).toEqual([{ type: OpCode.check }]);
});

test('ZOOKEEPER-2101: the largest request that is taken is a transaction that logs, peers and snapshots hold', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  const { world } = ensemble;
  await ensemble.start();
  const leader = ensemble.idOf(await ensemble.untilServing());
  const [lost = 0, away = 0] = [1, 2, 3].filter((id) => id !== leader);
  ensemble.kill(away);
  const client = await ensemble.client(leader);
  // Header and record leave so much of a frame to the data.
  const room = FRAME_BYTES_MAX - 8 - toBytes(createRequest, node('/big-0', 0, new Uint8Array(0))).length;
  for (const at of [0, 1]) {
    const { err } = await world.run(client.create(`/big-${at}`, 'x'.repeat(room)));
    expect(err).toBeUndefined();
  }
  // One byte more is no frame.
  expect((await world.run(client.create('/too-big', 'x'.repeat(room + 1)))).err).toBe('closed');
  await ensemble.start([away]);
  await ensemble.untilServing();
  await ensemble.untilLevel();
  ensemble.kill(lost, 'power');
  await ensemble.wipe(lost);
  await ensemble.start([lost]);
  await ensemble.untilServing();
  await ensemble.untilLevel();
  for (const id of [1, 2, 3]) ensemble.kill(id, 'power');
  await ensemble.start();
  await ensemble.untilServing();
  await ensemble.untilLevel();
  for (const { server } of ensemble.nodes) {
    expect(server.tree.stat('/big-1')?.dataLength).toBe(room);
    expect(server.tree.has('/too-big')).toBe(false);
  }
  expect(new Set(ensemble.nodes.map(({ server }) => server.tree.digest)).size).toBe(1);
  expect(ensemble.failures).toEqual([]);
});

test('ZOOKEEPER-2101: a multi that would be too large as a transaction fails as a whole, however small it was as a request', () => {
  const preparer = new Preparer(new DataTree());
  const ids = Array.from({ length: 40 }, (_, at) => ({ scheme: 'digest', id: `user${at}:${'h'.repeat(28)}` }));
  const acl: Acl[] = [{ perms: 31, id: { scheme: 'auth', id: '' } }];
  const ops = Array.from({ length: 2_000 }, (_, at): MultiOp => {
    return { type: OpCode.create, request: { path: `/n${at}`, data: null, acl, flags: 0 } };
  });
  expect(toBytes(multiRequest, ops).length).toBeLessThan(FRAME_BYTES_MAX / 4);
  const origin = { sessionId: 1n, cxid: 1, ids };
  const { body } = preparer.prepare({ type: OpCode.multi, ops }, origin, 1, 1);
  expect(body).toEqual({ type: OpCode.error, txn: { err: -5 } });
  expect(preparer.outstanding).toBe(0);
});

test('ZOOKEEPER-1624: a multi that failed leaves nothing behind at the parents of what it would have made', () => {
  const tree = new DataTree();
  const preparer = new Preparer(tree);
  const me = { sessionId: 7n, cxid: 1, ids: [] };
  const sequential = (path: string): MultiOp => ({ type: OpCode.create, request: node(path, 2) });
  let zxid = 0;
  const prepare = (request: WriteRequest) => preparer.prepare(request, me, ++zxid, 1);
  const failing = (path: string): WriteRequest => {
    const ops: MultiOp[] = [sequential(path), sequential(path), { type: OpCode.delete, request: NONE }];
    return { type: OpCode.multi, ops };
  };
  // With and without something of the parents that is under way already.
  const names = [prepare(failing('/n-')), prepare(sequential('/n-') as WriteRequest), prepare(failing('/n-'))];
  const next = [prepare(sequential('/n-') as WriteRequest), prepare({ type: OpCode.multi, ops: [sequential('/n-')] })];
  expect([names[1], ...next].map((txn) => pathsOf(txn))).toEqual([
    ['/n-0000000000'],
    ['/n-0000000001'],
    ['/n-0000000002'],
  ]);
  // A deletion below it counts the children of what the multi has not made.
  prepare({ type: OpCode.create, request: node('/p') });
  prepare(failing('/p/n-'));
  expect(prepare({ type: OpCode.delete, request: { path: '/p', version: -1 } }).body.type).toBe(OpCode.delete);
});

const NONE = { path: '/none', version: -1 };

function pathsOf(txn: LoggedTxn | undefined): string[] {
  if (txn?.body.type === OpCode.multi)
    return txn.body.txn.txns.map((part) => ('path' in part.txn ? part.txn.path : ''));
  return txn !== undefined && 'path' in txn.body.txn ? [txn.body.txn.path] : [];
}

test('ZOOKEEPER-4026: a create2 in a multi is answered as create2, with path and state', () => {
  const { client } = start();
  const asking = client();
  const ops: MultiOp[] = [
    { type: OpCode.create, request: node('/one') },
    { type: OpCode.create2, request: node('/two') },
    { type: OpCode.createContainer, request: node('/three', 4) },
    { type: OpCode.createTTL, request: { ...node('/four', 5), ttlMs: 1_000 } },
  ];
  const results = asking.call('multi', multiRequest, ops, multiReply);
  expect(results).toMatchObject([
    { type: OpCode.create, path: '/one' },
    { type: OpCode.create2, path: '/two', stat: { version: 0, numChildren: 0 } },
    { type: OpCode.create2, path: '/three', stat: { version: 0 } },
    { type: OpCode.create2, path: '/four', stat: { version: 0 } },
  ]);
  const alone = asking.call('create2', createRequest, node('/five'), create2Reply);
  expect(alone).toMatchObject({ path: '/five', stat: { version: 0 } });
});

test('ZOOKEEPER-4743: a version goes from -2 to 0, so that every version there is can be asked for', () => {
  const { alone, client } = start();
  const asking = client();
  asking.send(1, 'create', createRequest, node('/v'));
  asking.read();
  const { tree } = alone.server;
  const versions: number[] = [];
  // What four thousand million changes would make of it.
  for (const version of [0x7fff_fffe, -3]) {
    tree.setData('/v', null, version, 1, 1);
    tree.setAcl('/v', OPEN_ACL, version);
    for (let change = 0; change < 3; change++) {
      const { version: expected = 0, aversion = 0 } = tree.stat('/v') ?? {};
      const data = asking.call('setData', setDataRequest, { path: '/v', data: null, version: expected }, statReply);
      const acl = asking.call('setACL', setAclRequest, { path: '/v', acl: OPEN_ACL, version: aversion }, statReply);
      if (typeof data === 'string' || typeof acl === 'string') throw new Error(`${data} ${acl}`);
      versions.push(data.stat.version);
      expect(acl.stat.aversion).toBe(data.stat.version);
      // Whoever has seen another one is refused.
      const stale = { path: '/v', data: null, version: expected };
      expect(asking.call('setData', setDataRequest, stale, statReply)).toBe('BadVersion');
    }
  }
  expect(versions).toEqual([0x7fff_ffff, -0x8000_0000, -0x7fff_ffff, -2, 0, 1]);
});

test.each(['leader', 'follower'] as const)(
  'ZOOKEEPER-4537: what is committed before the own disk has it finds its request, also the end of a session (client at a %s)',
  async (place) => {
    const ensemble = new MemoryEnsemble({
      voters: 3,
      // One server's disk is so slow that the others have committed what it has not logged yet.
      diskLatencyMs: (_, random) => (random.below(4) === 0 ? 60 : 0),
    });
    const { world } = ensemble;
    await ensemble.start();
    const leader = ensemble.idOf(await ensemble.untilServing());
    const id = place === 'leader' ? leader : (leader % 3) + 1;
    for (let round = 0; round < 20; round++) {
      const client = await ensemble.client(id);
      const { sessionId } = client.session;
      // All at once, the end of the session behind it.
      const asked = Array.from({ length: 10 }, (_, at) => client.create(`/e-${round}-${at}`, '', 1));
      const ended = client.ask('closeSession');
      const answers = await world.run(Promise.all([...asked, ended]));
      expect(answers.map(({ err }) => err)).toEqual(answers.map(() => undefined));
      const zxids = answers.map(({ zxid }) => zxid);
      expect(zxids).toEqual(zxids.toSorted((one, other) => one - other));
      await ensemble.untilLevel();
      for (const { server } of ensemble.nodes) expect([...server.tree.ephemeralsOf(sessionId)]).toEqual([]);
    }
    expect(ensemble.nodes.map(({ server, sessionCount }) => [server.outstanding, sessionCount])).toEqual(
      ensemble.nodes.map(() => [0, 0]),
    );
  },
);

test('ZOOKEEPER-4471: taking away a watch of children leaves the persistent one, which hears of children on', () => {
  const { client } = start();
  const [watcher, writer] = [client(), client()];
  watcher.send(1, 'addWatch', watchRequest, { path: '/', type: 0 });
  watcher.send(2, 'getChildren', pathWatchRequest, { path: '/', watch: true });
  watcher.send(3, 'removeWatches', watchRequest, { path: '/', type: 1 });
  expect(watcher.read()).toEqual(['1 Ok', '2 Ok', '3 Ok']);
  writer.send(1, 'create', createRequest, node('/a'));
  expect(watcher.read()).toEqual(['NodeChildrenChanged /']);
  // There is none for one time any more.
  watcher.send(4, 'removeWatches', watchRequest, { path: '/', type: 1 });
  expect(watcher.read()).toEqual(['4 NoWatcher']);
});

test('ZOOKEEPER-4472: persistent watches are taken away one kind at a time', () => {
  const { client } = start();
  const [watcher, writer] = [client(), client()];
  for (const type of [0, 1]) watcher.send(1, 'addWatch', watchRequest, { path: '/', type });
  // 4 is that of a persistent watch, 5 that of a recursive one.
  watcher.send(2, 'removeWatches', watchRequest, { path: '/', type: 4 });
  watcher.send(3, 'checkWatches', watchRequest, { path: '/', type: 4 });
  watcher.send(4, 'checkWatches', watchRequest, { path: '/', type: 5 });
  expect(watcher.read()).toEqual(['1 Ok', '1 Ok', '2 Ok', '3 NoWatcher', '4 Ok']);
  writer.send(1, 'create', createRequest, node('/a'));
  expect(watcher.read()).toEqual(['NodeCreated /a']);
  watcher.send(5, 'addWatch', watchRequest, { path: '/', type: 0 });
  watcher.send(6, 'removeWatches', watchRequest, { path: '/', type: 5 });
  expect(watcher.read()).toEqual(['5 Ok', '6 Ok']);
  writer.send(2, 'create', createRequest, node('/b'));
  writer.send(3, 'setData', setDataRequest, { path: '/', data: null, version: -1 });
  expect(watcher.read()).toEqual(['NodeChildrenChanged /', 'NodeDataChanged /']);
});

test('ZOOKEEPER-4475: a recursive watch is never told that children have changed, whatever else watches the path', () => {
  const { client } = start();
  const [watcher, both, writer] = [client(), client(), client()];
  watcher.send(1, 'addWatch', watchRequest, { path: '/', type: 1 });
  for (const type of [1, 0]) both.send(1, 'addWatch', watchRequest, { path: '/a', type });
  writer.send(1, 'create', createRequest, node('/a'));
  writer.send(2, 'create', createRequest, node('/a/b'));
  writer.send(3, 'delete', pathVersionRequest, { path: '/a/b', version: -1 });
  expect(watcher.read()).toEqual(['1 Ok', 'NodeCreated /a', 'NodeCreated /a/b', 'NodeDeleted /a/b']);
  expect(both.read()).toEqual([
    '1 Ok',
    '1 Ok',
    'NodeCreated /a',
    'NodeCreated /a/b',
    'NodeChildrenChanged /a',
    'NodeDeleted /a/b',
    'NodeChildrenChanged /a',
  ]);
});

test.each([0, 1])(
  'ZOOKEEPER-4466: a watch for one time does not take the place of one that stays (mode %i)',
  (type) => {
    const { client } = start();
    const [watcher, writer] = [client(), client()];
    writer.send(1, 'create', createRequest, node('/a'));
    watcher.send(1, 'addWatch', watchRequest, { path: '/a', type });
    watcher.send(2, 'getData', pathWatchRequest, { path: '/a', watch: true });
    watcher.send(3, 'getChildren', pathWatchRequest, { path: '/a', watch: true });
    expect(watcher.read()).toEqual(['1 Ok', '2 Ok', '3 Ok']);
    for (let change = 0; change < 3; change++) {
      writer.send(2, 'setData', setDataRequest, { path: '/a', data: null, version: -1 });
      expect(watcher.read()).toEqual(['NodeDataChanged /a']);
    }
    for (const name of ['b', 'c']) writer.send(3, 'create', createRequest, node(`/a/${name}`));
    const children = 'NodeChildrenChanged /a';
    expect(watcher.read()).toEqual(
      type === 0 ? [children, children] : ['NodeCreated /a/b', children, 'NodeCreated /a/c'],
    );
  },
);
