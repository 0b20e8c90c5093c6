import {
  acls,
  authPacket,
  createRequest,
  dataReply,
  names,
  OPEN_ACL,
  pathRecord,
  pathVersionRequest,
  pathWatchRequest,
  setDataRequest,
  setWatchesRequest,
  stat,
  statReply,
  watchRequest,
} from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { digestId, StandaloneServer } from '../../src/index.ts';
import { RawClient } from './raw-client.ts';

class Time {
  nowMs = 1_000;
  wallMs = (): number => this.nowMs;
  monotonicMs = (): number => this.nowMs;
}

function start(): { alone: StandaloneServer; time: Time; client: () => RawClient } {
  const time = new Time();
  const alone = new StandaloneServer({ clock: time });
  const client = (): RawClient => {
    const fresh = new RawClient(alone.server);
    fresh.connect();
    return fresh;
  };
  return { alone, time, client };
}

const node = (path: string, flags = 0) => ({ path, data: Buffer.from('x'), acl: OPEN_ACL, flags });

test('digest identities are those that a Java server computes', () => {
  expect(digestId('super:test')).toBe('super:D/InIHSb7yEEbrWz8b9l71RjZJU=');
  expect(digestId('super:admin')).toBe('super:xQJmxLMiHGwaqBvst5y6rkB6HQs=');
  expect(digestId('bob:pw')).toBe('bob:ikIaKsbtGweaHnb/jKn7OHqbunM=');
});

test('a session is negotiated, resumed with its password elsewhere, and refused with another', () => {
  const { alone } = start();
  const first = new RawClient(alone.server);
  const opened = first.connect({ timeoutMs: 1 });
  expect(opened?.timeoutMs).toBe(4_000);
  expect(opened?.sessionId).toBeGreaterThan(1n << 56n);
  const { sessionId = 0n, password = null } = opened ?? {};
  const second = new RawClient(alone.server);
  expect(second.connect({ sessionId, password, timeoutMs: 6_000 })).toMatchObject({ sessionId, timeoutMs: 6_000 });
  expect(first.ended).toBe(true);
  const thief = new RawClient(alone.server);
  expect(thief.connect({ sessionId, password: new Uint8Array(16) })).toMatchObject({ sessionId: 0n, timeoutMs: 0 });
  expect([thief.ended, second.ended]).toEqual([true, true]);
  const old = new RawClient(alone.server);
  expect(old.connect({ readOnly: null })?.readOnly).toBeNull();
});

test('a client that has seen more than the server is turned away without an answer', () => {
  const { alone } = start();
  const ahead = new RawClient(alone.server);
  expect(ahead.connect({ lastZxidSeen: 1_000_000 })).toBeUndefined();
  expect(ahead.ended).toBe(true);
});

test('requests are answered in their order, and a watch fires before the answer that shows its change', () => {
  const { client } = start();
  const [one, two] = [client(), client()];
  one.send(1, 'create', createRequest, node('/a'));
  two.send(1, 'getData', pathWatchRequest, { path: '/a', watch: true });
  two.send(2, 'getChildren', pathWatchRequest, { path: '/', watch: true });
  two.send(3, 'exists', pathWatchRequest, { path: '/b', watch: true });
  expect(two.read()).toEqual(['1 Ok', '2 Ok', '3 NoNode']);
  two.send(4, 'setData', setDataRequest, { path: '/a', data: null, version: 0 });
  two.send(5, 'create', createRequest, node('/b'));
  // Java answers a ping with the xid of pings, whatever the client wrote.
  two.send(6, 'ping');
  expect(two.read()).toEqual([
    'NodeDataChanged /a',
    '4 Ok',
    'NodeCreated /b',
    'NodeChildrenChanged /',
    '5 Ok',
    '-2 Ok',
  ]);
  expect(one.read()).toEqual(['1 Ok']);
});

test('ephemerals go with their session, whether it is closed or expires, and only then', () => {
  const { alone, time, client } = start();
  const [closes, expires, watcher] = [client(), client(), client()];
  closes.send(1, 'create', createRequest, node('/c', 1));
  expires.send(1, 'create', createRequest, node('/e', 1));
  watcher.send(1, 'getChildren', pathWatchRequest, { path: '/', watch: true });
  alone.server.closed(expires.connection);
  closes.send(2, 'closeSession');
  expect(closes.read()).toEqual(['1 Ok', '2 Ok']);
  expect(closes.ended).toBe(true);
  expect(watcher.read()).toEqual(['1 Ok', 'NodeChildrenChanged /']);
  time.nowMs += 9_000;
  watcher.send(-2, 'ping');
  alone.tick();
  expect(alone.server.tree.has('/e')).toBe(true);
  time.nowMs += 4_000;
  alone.tick();
  expect(alone.server.tree.has('/e')).toBe(false);
  expect(alone.server.tree.has('/c')).toBe(false);
});

test('what happened while a client was away fires when it sets its watches again', () => {
  const { alone, client } = start();
  const writer = client();
  for (const path of ['/data', '/kept', '/gone', '/born']) {
    if (path !== '/born') writer.send(1, 'create', createRequest, node(path));
  }
  const seen = alone.server.lastZxid;
  writer.send(2, 'setData', setDataRequest, { path: '/data', data: null, version: -1 });
  writer.send(3, 'delete', pathVersionRequest, { path: '/gone', version: -1 });
  writer.send(4, 'create', createRequest, node('/born'));
  const back = client();
  back.send(-8, 'setWatches', setWatchesRequest, {
    relativeZxid: seen,
    dataWatches: ['/data', '/kept', '/gone'],
    existWatches: ['/born'],
    childWatches: ['/', '/kept'],
  });
  expect(back.read()).toEqual([
    'NodeDataChanged /data',
    'NodeDeleted /gone',
    'NodeCreated /born',
    'NodeChildrenChanged /',
    '-8 Ok',
  ]);
  writer.send(5, 'setData', setDataRequest, { path: '/kept', data: null, version: -1 });
  expect(back.read()).toEqual(['NodeDataChanged /kept']);
});

test('who may not read a node is told neither what it holds nor what happens to it', () => {
  const { client } = start();
  const [owner, stranger] = [client(), client()];
  owner.send(-4, 'auth', authPacket, { type: 0, scheme: 'digest', auth: Buffer.from('bob:pw') });
  const acl = [{ perms: 31, id: { scheme: 'auth', id: '' } }];
  owner.send(1, 'create', createRequest, { ...node('/secret'), acl });
  expect(owner.read()).toEqual(['-4 Ok', '1 Ok']);
  expect(stranger.call('getData', pathWatchRequest, { path: '/secret', watch: true }, dataReply)).toBe('NoAuth');
  expect(stranger.call('exists', pathWatchRequest, { path: '/secret', watch: true }, statReply)).toBe('NoAuth');
  stranger.send(1, 'addWatch', watchRequest, { path: '/', type: 1 });
  owner.send(2, 'setData', setDataRequest, { path: '/secret', data: null, version: -1 });
  expect(stranger.read()).toEqual(['1 Ok']);
  expect(owner.read()).toEqual(['2 Ok']);
  const shown = owner.call('getACL', pathRecord, { path: '/secret' }, acls);
  expect(shown).toEqual([{ perms: 31, id: { scheme: 'digest', id: digestId('bob:pw') } }]);
});

test('operations that no client may ask for end the connection', () => {
  const { client } = start();
  for (const op of ['createSession', 'check', 'error', 'deleteContainer'] as const) {
    const asking = client();
    asking.send(1, op, pathVersionRequest, { path: '/', version: 0 });
    expect([asking.read(), asking.ended]).toEqual([['1 Unimplemented'], true]);
  }
});

test('a body that is cut short is answered as such in its turn, and nothing of it is done', () => {
  const { alone, client } = start();
  const cut = client();
  const before = alone.server.lastZxid;
  cut.send(1, 'create', pathRecord, { path: '/cut' });
  expect([cut.read(), cut.ended]).toEqual([['1 MarshallingError'], false]);
  expect(alone.server.lastZxid).toBe(before);
});

test('children are listed by name, with the state of their parent', () => {
  const { client } = start();
  const one = client();
  for (const path of ['/p', '/p/a', '/p/b']) one.send(1, 'create', createRequest, node(path));
  one.read();
  const listed = one.call('getChildren', pathWatchRequest, { path: '/p', watch: false }, names);
  expect([...listed].sort()).toEqual(['a', 'b']);
  expect(one.call('exists', pathWatchRequest, { path: '/p', watch: false }, stat)).toMatchObject({
    numChildren: 2,
    cversion: 2,
  });
});
