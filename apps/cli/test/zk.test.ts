import { type Cluster, startCluster } from '@biquorum/cluster';
import { createNodePorts } from '@biquorum/platform/node';
import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordsOf } from '../src/zk/words.ts';
import { type Called, call, callWith } from './call.ts';

let cluster: Cluster;
let connect = '';
beforeAll(async () => {
  cluster = await startCluster({ mode: 'zookeeper', brokers: 1 });
  connect = cluster.zookeeperConnect ?? '';
});
afterAll(() => cluster.stop());

const zk = (...words: readonly string[]): Promise<Called> => call('zk', '-server', connect, ...words);
const json = async (...words: readonly string[]): Promise<unknown> => {
  const { code, out, err } = await zk('--json', ...words);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
};
/** Several commands in one session. */
const session = (...lines: readonly string[]): Promise<Called> =>
  callWith(`${lines.join('\n')}\n`, 'zk', '-server', connect);

describe('biquorum zk', () => {
  it('shows what is there, one command for one call', async () => {
    expect(await zk('ls', '/brokers')).toEqual({ code: 0, out: '[ids, seqid, topics]', err: '' });
    expect((await zk('ls', '-R', '/brokers')).out.split('\n')).toEqual([
      '/brokers',
      '/brokers/ids',
      '/brokers/ids/1',
      '/brokers/seqid',
      '/brokers/topics',
    ]);
    expect(JSON.parse((await zk('get', '/controller')).out)).toMatchObject({ version: 2, brokerid: 1 });
    expect((await zk('stat', '/brokers/ids/1')).out).toMatch(
      /^cZxid = 0x[\da-f]+\nctime = \w{3} \w{3} \d\d \d\d:\d\d:\d\d \S+ \d{4}\nmZxid = 0x[\da-f]+\n(?:.*\n)*ephemeralOwner = 0x[1-9a-f][\da-f]+\ndataLength = \d+\nnumChildren = 0$/,
    );
    expect(await zk('getAllChildrenNumber', '/brokers')).toMatchObject({ out: '4' });
    expect(await zk('getAcl', '/brokers')).toMatchObject({ out: "'world,'anyone\n: cdrwa" });
    expect(await zk('whoami')).toMatchObject({ out: 'Auth scheme: User\nip: 127.0.0.1' });
    expect(await zk('sync', '/')).toMatchObject({ out: 'Sync is OK' });
  });

  it('takes its own options at the end of a call, too', async () => {
    const ids = { code: 0, out: '[1]', err: '' };
    expect(await call('zk', 'ls', '/brokers/ids', '-server', connect)).toEqual(ids);
    expect(await call('zk', 'ls', '/brokers/ids', '--timeout', '20000', `--server=${connect}`)).toEqual(ids);
    expect(await call('zk', 'ls', '/brokers/ids', '--json', '-server', connect)).toMatchObject({
      code: 0,
      out: expect.stringContaining('"children":["1"]'),
    });
  });

  it('makes, changes and deletes nodes', async () => {
    expect(await zk('create', '/a', 'some data')).toEqual({ code: 0, out: 'Created /a', err: '' });
    expect(await json('get', '-s', '/a')).toMatchObject({
      path: '/a',
      data: 'some data',
      stat: { version: 0, dataLength: 9 },
    });
    expect(await json('set', '-v', '0', '/a', 'other')).toMatchObject({ stat: { version: 1 } });
    expect((await session('create -s /a/n-', 'create -s /a/n-', 'ls /a')).out).toBe(
      'Created /a/n-0000000000\nCreated /a/n-0000000001\n[n-0000000000, n-0000000001]',
    );
    expect(await json('create', '-c', '/a/box')).toEqual({ created: '/a/box' });
    expect(await zk('create', '-e', '-c', '/a/x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('-c cannot be combined'),
    });
    expect(await zk('set', '-b', '/a', '/wA=')).toMatchObject({ code: 0 });
    expect(await zk('get', '-b', '/a')).toMatchObject({ out: '/wA=' });
    expect(await zk('delete', '/a')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Node not empty: \/a\..*deleteall/),
    });
    expect(await json('deleteall', '/a')).toEqual({ deleted: '/a', count: 4 });
    expect(await zk('get', '/a')).toEqual({ code: 1, out: '', err: 'Node does not exist: /a' });
    expect(await zk('create', '/none/a')).toMatchObject({ code: 1, err: 'Node does not exist: /none/a' });
    expect(await zk('deleteall', '/')).toMatchObject({ code: 1, err: expect.stringContaining('name a path below it') });
  });

  it('keeps one session through what is piped in, and goes on behind what fails', async () => {
    const { code, out, err } = await session(
      'create -e /mine "two words"',
      'getEphemerals',
      "get '/mine'",
      'create /mine',
      'nonsense',
      'get "/mine',
      'redo 1',
      'history',
      'quit',
      'ls /',
    );
    expect(out.split('\n')).toEqual([
      'Created /mine',
      '[/mine]',
      'two words',
      '[/mine]',
      '0 - create -e /mine "two words"',
      '1 - getEphemerals',
      "2 - get '/mine'",
      '3 - create /mine',
      '4 - nonsense',
      '5 - get "/mine',
      '6 - redo 1',
      '7 - history',
    ]);
    expect(err.split('\n')).toEqual([
      'Node already exists: /mine',
      'Command not found: nonsense. help lists those there are.',
      'a quote (") is not closed.',
    ]);
    expect(code).toBe(1);
    // The session is over, and what was ephemeral is gone.
    expect(await zk('stat', '/mine')).toMatchObject({ code: 1 });
  });

  it('tells of watches while the session lasts, until they are removed', async () => {
    const { out } = await session(
      'create /w',
      'get -w /w',
      'set /w 1',
      'set /w 2',
      'addWatch -m PERSISTENT_RECURSIVE /w',
      'create /w/a',
      'removewatches /w',
      'delete /w/a',
      'printwatches off',
      'stat -w /w',
      'deleteall /w',
    );
    const events = out.split('\n').filter((line) => line.startsWith('WatchedEvent'));
    expect(events).toEqual([
      expect.stringMatching(/^WatchedEvent state:SyncConnected type:NodeDataChanged path:\/w zxid: \d+$/),
      expect.stringMatching(/type:NodeCreated path:\/w\/a /),
    ]);
    expect(await session('removewatches /')).toMatchObject({
      code: 1,
      err: expect.stringContaining('This session has no such watch'),
    });
  });

  it('protects nodes by lists, and reaches them with an identity', async () => {
    const acl = 'auth::cdrwa';
    const { code, out } = await session(
      'addauth digest alice:secret',
      `create /locked hidden ${acl}`,
      'getAcl /locked',
    );
    expect(code).toBe(0);
    // The digest of alice:secret, as ZooKeeper's DigestAuthenticationProvider makes it: base64(sha1).
    expect(out).toContain("'digest,'alice:aYXlLOpEooaV1cRAvUL1fp9Qt7E=\n: cdrwa");
    expect(await zk('get', '/locked')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Insufficient permission : /locked. addauth'),
    });
    const opened = await session(
      'addauth digest alice:secret',
      'get /locked',
      'setAcl /locked world:anyone:rd',
      'getAcl /locked',
    );
    expect(opened.out).toBe("hidden\n'world,'anyone\n: dr");
    expect(await zk('setAcl', '/locked', 'world:anyone')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not scheme:id:perms'),
    });
    await zk('delete', '/locked');
  });

  it('limits what lies below a path, and takes the limit away', async () => {
    await session('create /q 12345', 'setquota -n 5 /q', 'setquota -B 100 /q');
    expect(await json('listquota', '/q')).toEqual({
      path: '/q',
      limits: { count: 5, bytes: -1, byteHardLimit: 100, countHardLimit: -1 },
      usage: { count: 1, bytes: 5 },
    });
    // Servers refuse what is above a hard limit only where `zookeeper.enforceQuota` says so.
    await zk('create', '/q/large', 'x'.repeat(100));
    expect(await json('listquota', '/q')).toMatchObject({ usage: { count: 2, bytes: 105 } });
    await zk('create', '/q/below');
    expect(await zk('setquota', '-n', '1', '/q/below')).toMatchObject({
      code: 1,
      err: expect.stringContaining('/q/below has a parent /q which has a quota'),
    });
    expect(await session('delquota -B /q', 'delquota /q')).toMatchObject({ code: 0 });
    expect(await zk('listquota', '/q')).toMatchObject({
      code: 1,
      err: expect.stringContaining('quota for /q does not exist.'),
    });
    expect((await zk('ls', '/zookeeper/quota')).out).toBe('[]');
    await zk('deleteall', '/q');
  });

  it('sees its world below the path of the connect string', async () => {
    expect(await call('zk', '-server', `${connect}/brokers`, 'ls', '/')).toMatchObject({ out: '[ids, seqid, topics]' });
  });

  it('says what is wrong with a call, and where nobody answers', async () => {
    expect(await zk('ls')).toMatchObject({ code: 1, err: 'Usage: ls [-s] [-w] [-R] path' });
    expect(await zk('ls', '-x', '/')).toMatchObject({ code: 1, err: expect.stringContaining('ls has no option -x.') });
    expect(await call('zk', '-sever', 'x', 'ls')).toMatchObject({
      code: 2,
      err: expect.stringContaining('-sever is none of'),
    });
    expect(await call('zk', '-server', 'a:b', 'ls', '/')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"a:b" is not host:port'),
    });
    expect(await call('zk', '-server', '127.0.0.1:1', '-timeout', '100', 'ls', '/')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no server of ZooKeeper answers at 127.0.0.1:1 within 100 ms.'),
    });
  });

  it('deletes many nodes in few turns', async () => {
    const ports = createNodePorts();
    const client = new ZooKeeperClient({ connect, ports });
    await client.create('/many');
    await Promise.all(Array.from({ length: 2_500 }, (_, number) => client.create(`/many/${number}`)));
    await client.close();
    await ports.close();
    expect(await json('deleteall', '-b', '500', '/many')).toEqual({ deleted: '/many', count: 2_501 });
  });
});

describe('words of a line', () => {
  it('are parted by blanks, and kept together by quotes of either kind', () => {
    expect(wordsOf(`  set /a "it's" 'a "b"' "" x`)).toEqual(['set', '/a', "it's", 'a "b"', '', 'x']);
  });
});
