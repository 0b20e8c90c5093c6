import {
  create2Reply,
  createRequest,
  errorReply,
  type MultiOp,
  multiReply,
  multiRequest,
  OPEN_ACL,
  OpCode,
  pathRecord,
  pathWatchRequest,
  statReply,
  WatcherType,
  watchRequest,
} from '@biquorum/zookeeper-wire';
import { describe, expect, test } from 'vitest';
import { CONTAINER_OWNER, StandaloneServer } from '../../src/index.ts';
import { RawClient } from './raw-client.ts';

// Each was told by Apache ZooKeeper 3.9.5 when the suite zookeeper-differential played the same to both.

const clock = { wallMs: (): number => 1_000, monotonicMs: (): number => 1_000 };

function start(): { readonly alone: StandaloneServer; readonly client: RawClient } {
  const alone = new StandaloneServer({ clock, extendedTypes: true });
  const client = new RawClient(alone.server);
  client.connect();
  return { alone, client };
}

const node = (path: string, flags: number) => ({ path, data: null, acl: OPEN_ACL, flags });
const multi = (client: RawClient, op: MultiOp): unknown => client.call('multi', multiRequest, [op], multiReply);
const NOTHING = { write: () => {}, read: () => null };

describe('a multi', () => {
  test('that cannot be read takes a transaction, another request that cannot be read takes none', () => {
    const { alone, client } = start();
    const before = alone.server.lastZxid;
    expect(client.call('create', NOTHING, null, pathRecord)).toBe('MarshallingError');
    expect(alone.server.lastZxid).toBe(before);
    expect(client.call('multi', NOTHING, null, multiReply)).toBe('MarshallingError');
    expect(alone.server.lastZxid).toBe(before + 1);
  });

  test('forgets a time to live where the mode has none', () => {
    const { alone, client } = start();
    const request = { ...node('/plain', 0), ttlMs: 60_000 };
    expect(multi(client, { type: OpCode.createTTL, request })).toEqual([{ type: OpCode.create, path: '/plain' }]);
    expect(alone.server.tree.stored('/plain')?.ephemeralOwner).toBe(0n);
    const refused = { ...node('/refused', 7), ttlMs: 60_000 };
    expect(multi(client, { type: OpCode.createTTL, request: refused })).toEqual([{ type: OpCode.error, err: -8 }]);
  });

  test('makes a container of what has the mode of one', () => {
    const { alone, client } = start();
    const made = multi(client, { type: OpCode.create, request: node('/container', 4) });
    expect(made).toMatchObject([{ type: OpCode.create2, path: '/container' }]);
    expect(alone.server.tree.stored('/container')?.ephemeralOwner).toBe(CONTAINER_OWNER);
  });
});

test('alone, the operation says what is made, whatever the mode', () => {
  const { alone, client } = start();
  client.call('create', createRequest, node('/a', 4), pathRecord);
  expect(alone.server.tree.stored('/a')?.ephemeralOwner).toBe(0n);
  client.call('createContainer', createRequest, node('/b', 3), create2Reply);
  expect(alone.server.tree.stored('/b0000000001')?.ephemeralOwner).toBe(CONTAINER_OWNER);
});

test.each(['getACL', 'getAllChildrenNumber'] as const)('%s without a path cannot be read', (op) => {
  const { client } = start();
  const missing = { write: (writer: { i32(value: number): void }) => writer.i32(-1), read: () => null };
  expect(client.call(op, missing as unknown as typeof pathRecord, { path: '' }, pathRecord)).toBe('MarshallingError');
});

test('watches of data and of children are those for one time; persistent ones go by names of their own', () => {
  const { client } = start();
  const has = (type: number): unknown => client.call('checkWatches', watchRequest, { path: '/a', type }, NOTHING);
  const remove = (type: number): unknown => client.call('removeWatches', watchRequest, { path: '/a', type }, NOTHING);
  const { Children, Data, Any, Persistent, PersistentRecursive } = WatcherType;
  client.call('addWatch', watchRequest, { path: '/a', type: 1 }, errorReply);
  client.call('addWatch', watchRequest, { path: '/a', type: 0 }, errorReply);
  for (const type of [Children, Data]) expect([has(type), remove(type)]).toEqual(['NoWatcher', 'NoWatcher']);
  for (const type of [Any, Persistent, PersistentRecursive]) expect(has(type)).toBeNull();
  client.call('exists', pathWatchRequest, { path: '/a', watch: true }, statReply);
  expect([has(Data), remove(Data), has(Data)]).toEqual([null, null, 'NoWatcher']);
  expect(has(PersistentRecursive)).toBeNull();
});

test('statistics of a quota are counted after their node was made', () => {
  const { alone, client } = start();
  client.call('create', createRequest, node('/zookeeper/quota/a', 0), pathRecord);
  const path = '/zookeeper/quota/a/zookeeper_stats';
  const request = { ...node(path, 0), data: new Uint8Array(0) };
  expect(client.call('create2', createRequest, request, create2Reply)).toMatchObject({ stat: { dataLength: 0 } });
  expect(alone.server.tree.data(path)?.stat.dataLength).toBe('count=0,bytes=0'.length);
});
