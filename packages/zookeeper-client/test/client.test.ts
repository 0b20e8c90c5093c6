import { expect, test } from 'vitest';
import { MultiError, parseConnectString, type WatchEvent, ZooKeeperError } from '../src/index.ts';
import { SmallWorld } from './support/small-world.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'Ok',
    (error: unknown) => (error instanceof ZooKeeperError ? error.code : String(error)),
  );

test('connect strings may have spaces, no port, IPv6 addresses and a chroot', () => {
  expect(parseConnectString('zookeeper01:2181, zookeeper02:2181/my/path')).toEqual({
    servers: [
      { host: 'zookeeper01', port: 2181 },
      { host: 'zookeeper02', port: 2181 },
    ],
    chroot: '/my/path',
  });
  expect(parseConnectString('a')).toEqual({ servers: [{ host: 'a', port: 2181 }], chroot: '' });
  expect(parseConnectString('[::1]:9,/')).toEqual({ servers: [{ host: '::1', port: 9 }], chroot: '' });
  for (const faulty of ['', '/a', 'a:0', 'a:65536', 'a:b', 'a/b/', 'a//b', 'a/../b', '::1:2181']) {
    expect(() => parseConnectString(faulty), faulty).toThrow(RangeError);
  }
});

test('nodes are created, read, changed and deleted, with their versions', () =>
  SmallWorld.run(async (world) => {
    const client = world.client();
    expect(await client.create('/a', bytes('1'))).toBe('/a');
    const made = await client.createWithStat('/a/n-', null, { mode: 'persistentSequential' });
    expect(made).toMatchObject({ path: '/a/n-0000000000', stat: { version: 0, dataLength: 0 } });
    expect(new TextDecoder().decode((await client.getData('/a')).data ?? bytes(''))).toBe('1');
    expect(await client.setData('/a', bytes('2'), 0)).toMatchObject({ version: 1 });
    expect(await codeOf(client.setData('/a', null, 0))).toBe('BadVersion');
    expect((await client.getChildren('/a')).children).toEqual(['n-0000000000']);
    expect(await codeOf(client.delete('/a'))).toBe('NotEmpty');
    expect(await client.exists('/none')).toBeUndefined();
    expect(await codeOf(client.getData('/none'))).toBe('NoNode');
    await client.createPath('/x/y/z');
    expect(await client.countDescendants('/x')).toBe(2);
    await client.sync();
    await client.close();
    expect(await codeOf(client.getData('/a'))).toBe('SessionExpired');
  }));

test('a multi takes effect as a whole, or names the operation that failed', () =>
  SmallWorld.run(async (world) => {
    const client = world.client();
    const results = await client.multi([
      { op: 'create', path: '/a', data: null },
      { op: 'setData', path: '/a', data: bytes('x'), version: 0 },
      { op: 'check', path: '/a', version: 1 },
    ]);
    expect(results.map(({ op }) => op)).toEqual(['create', 'setData', 'check']);
    const failed = await client
      .multi([
        { op: 'delete', path: '/a', version: -1 },
        { op: 'check', path: '/none', version: 0 },
        { op: 'create', path: '/b', data: null },
      ])
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(MultiError);
    expect(failed).toMatchObject({
      index: 1,
      code: 'NoNode',
      path: '/none',
      errors: ['Ok', 'NoNode', 'RuntimeInconsistency'],
    });
    const [read, missing] = await client.multiRead([
      { op: 'getData', path: '/a' },
      { op: 'getChildren', path: '/b' },
    ]);
    expect(read).toMatchObject({ stat: { version: 1 } });
    expect(missing).toMatchObject({ code: 'NoNode' });
  }));

test('under a chroot a client sees nothing else, in requests, answers and events', () =>
  SmallWorld.run(async (world) => {
    const [outside, inside] = [world.client(), world.client({ connect: 'door-0:2181/apps/one' })];
    expect(await codeOf(inside.create('/a'))).toBe('NoNode');
    await inside.createChroot();
    const events: WatchEvent[] = [];
    await inside.exists('/a', (event) => events.push(event));
    expect(await inside.create('/a')).toBe('/a');
    expect(events).toMatchObject([{ type: 'NodeCreated', path: '/a' }]);
    expect(await outside.exists('/apps/one/a')).toBeDefined();
    expect((await inside.getChildren('/')).children).toEqual(['a']);
    await inside.create('/e', null, { mode: 'ephemeral' });
    expect(await inside.getEphemerals()).toEqual(['/e']);
  }));

test('a session moves to another server with its ephemerals and its watches', () =>
  SmallWorld.run(async (world) => {
    const states: string[] = [];
    const client = await world.clientAtFirst({ onState: (state) => states.push(state) });
    const other = world.client({ connect: 'door-1:2181' });
    await client.create('/e', null, { mode: 'ephemeral' });
    for (const path of ['/parent', '/other', '/other/parent']) await client.create(path);
    const events: Record<string, string[]> = { exist: [], data: [], child: [], persistent: [], recursive: [] };
    const note =
      (kind: string) =>
      ({ type, path }: WatchEvent): unknown =>
        events[kind]?.push(`${type} ${path}`);
    await client.exists('/born', note('exist'));
    await client.getData('/e', note('data'));
    await client.getChildren('/parent', note('child'));
    // On nodes of their own: what one watch brings, all that fit hear of.
    await client.addWatch('/other', 'persistent', note('persistent'));
    await client.addWatch('/other/parent', 'recursive', note('recursive'));
    const { sessionId } = client;
    await world.doors[0]?.close();
    // While the client is between two servers.
    await other.create('/born');
    expect(await client.exists('/e')).toBeDefined();
    expect(states).toEqual(['connected', 'connecting', 'connected']);
    expect(events['exist']).toEqual(['NodeCreated /born']);
    for (const path of ['/e', '/other']) {
      for (const data of ['1', '2']) await other.setData(path, bytes(data));
    }
    for (const path of ['/parent', '/other/parent']) {
      for (const child of ['a', 'b']) await other.create(`${path}/${child}`);
    }
    await client.sync();
    expect(client.sessionId).toBe(sessionId);
    expect(events).toEqual({
      exist: ['NodeCreated /born'],
      data: ['NodeDataChanged /e'],
      child: ['NodeChildrenChanged /parent'],
      persistent: ['NodeDataChanged /other', 'NodeDataChanged /other'],
      recursive: ['NodeCreated /other/parent/a', 'NodeCreated /other/parent/b'],
    });
  }));

test('what was under way when a connection broke fails as such, what was not sent yet waits for the next', () =>
  SmallWorld.run(async (world) => {
    const client = world.client({ connect: 'door-0:2181', inFlightMax: 1 });
    await client.untilConnected();
    const both = [client.create('/sent'), client.create('/unsent')].map(codeOf);
    await Promise.resolve();
    world.world.network.reset('door-0', client.host.name);
    expect(await Promise.all(both)).toEqual(['ConnectionLoss', 'Ok']);
    expect(await client.exists('/unsent')).toBeDefined();
  }));

test('a session that expired while its client was cut off is over for good', () =>
  SmallWorld.run(async (world) => {
    const states: string[] = [];
    const client = world.client({ sessionTimeoutMs: 4_000, onState: (state) => states.push(state) });
    const other = world.client();
    await client.create('/e', null, { mode: 'ephemeral' });
    world.world.network.isolate(client.host.name);
    const gone = new Promise<void>((resolve) => {
      void other.exists('/e', () => resolve());
    });
    await gone;
    world.world.network.healAll();
    expect(await codeOf(client.getData('/e'))).toBe('SessionExpired');
    expect(states).toEqual(['connected', 'connecting', 'expired']);
  }));

test('an idle session stays alive by its pings', () =>
  SmallWorld.run(async (world) => {
    const client = world.client({ sessionTimeoutMs: 4_000 });
    await client.create('/e', null, { mode: 'ephemeral' });
    await new Promise<void>((resolve) => void client.host.ports.timers.set(60_000, resolve));
    expect(await client.exists('/e')).toBeDefined();
    expect(client.state).toBe('connected');
  }));

test('identities are given to every server, and wrong ones end the client', () =>
  SmallWorld.run(async (world) => {
    const states: string[] = [];
    const client = await world.clientAtFirst({ onState: (state) => states.push(state) });
    const stranger = world.client({ connect: 'door-1:2181' });
    await client.addAuth('digest', bytes('bob:pw'));
    await client.create('/mine', null, { acl: [{ perms: 31, id: { scheme: 'auth', id: '' } }] });
    expect(await codeOf(stranger.getData('/mine'))).toBe('NoAuth');
    await world.doors[0]?.close();
    expect(await codeOf(client.sync())).toBe('ConnectionLoss');
    expect(await codeOf(client.getData('/mine'))).toBe('Ok');
    expect(states).toEqual(['connected', 'connecting', 'connected']);
    expect(await client.whoAmI()).toContainEqual({ authScheme: 'digest', user: 'bob' });
    expect(await codeOf(stranger.addAuth('unheard-of', bytes('x')))).toBe('AuthFailed');
    expect(stranger.state).toBe('auth-failed');
  }));

test('more requests than may wait are refused at once', () =>
  SmallWorld.run(async (world) => {
    const client = world.client({ waitingMax: 2 });
    const three = ['/a', '/b', '/c'].map((path) => codeOf(client.create(path)));
    expect(await Promise.all(three)).toEqual(['Ok', 'Ok', 'ConnectionLoss']);
  }));

test('watches on a node are removed by what they wait for, or all together', () =>
  SmallWorld.run(async (world) => {
    const client = world.client();
    const other = world.client();
    await client.create('/a');
    const events: string[] = [];
    const note = ({ type, path }: WatchEvent): void => void events.push(`${type} ${path}`);
    await client.getData('/a', note);
    await client.getChildren('/a', note);
    await client.removeWatches('/a', 'data');
    expect(await codeOf(client.removeWatches('/a', 'data'))).toBe('NoWatcher');
    await other.setData('/a', bytes('1'));
    await other.create('/a/b');
    await client.sync();
    expect(events).toEqual(['NodeChildrenChanged /a']);

    await client.getData('/a', note);
    await client.addWatch('/a', 'recursive', note);
    await client.removeWatches('/a', 'any');
    await other.setData('/a', bytes('2'));
    await client.sync();
    expect(events).toHaveLength(1);
    expect(await codeOf(client.removeWatches('/a', 'children'))).toBe('NoWatcher');
  }));
