import { AddWatchMode, WatcherType } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { Watches } from '../../src/index.ts';

const heard = (
  watches: Watches<string>,
  event: 'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged',
  path: string,
): string[] => [...watches.trigger({ event, path })].sort();

test('a watch for one time fires once, a persistent one until it is removed', () => {
  const watches = new Watches<string>();
  watches.data.add('/a', 'once', 'once');
  watches.add('/a', 'stays', AddWatchMode.persistent);
  expect(heard(watches, 'NodeDataChanged', '/a')).toEqual(['once', 'stays']);
  expect(heard(watches, 'NodeDataChanged', '/a')).toEqual(['stays']);
  expect(watches.remove('/a', 'stays', WatcherType.Persistent)).toBe(true);
  expect(heard(watches, 'NodeDataChanged', '/a')).toEqual([]);
  expect(watches.data.counts).toEqual({ watchers: 0, paths: 0, watches: 0 });
});

test('modes on one path exist beside each other (ZOOKEEPER-4466)', () => {
  const watches = new Watches<string>();
  watches.add('/a', 'w', AddWatchMode.persistent);
  watches.add('/a', 'w', AddWatchMode.persistentRecursive);
  watches.data.add('/a', 'w', 'once');
  expect(heard(watches, 'NodeDataChanged', '/a')).toEqual(['w']);
  expect(watches.remove('/a', 'w', WatcherType.Persistent)).toBe(true);
  expect(heard(watches, 'NodeDataChanged', '/a/b')).toEqual(['w']);
  expect(watches.remove('/a', 'w', WatcherType.Any)).toBe(true);
  expect(heard(watches, 'NodeDataChanged', '/a/b')).toEqual([]);
});

test('a recursive watch hears of everything below its path, and of no lists of children', () => {
  const watches = new Watches<string>();
  watches.add('/', 'w', AddWatchMode.persistentRecursive);
  expect(heard(watches, 'NodeCreated', '/a/b')).toEqual(['w']);
  expect(heard(watches, 'NodeDeleted', '/')).toEqual(['w']);
  expect(heard(watches, 'NodeChildrenChanged', '/')).toEqual([]);
});

test('a deletion is heard once by who watches both the node and its children', () => {
  const watches = new Watches<string>();
  watches.data.add('/a', 'w', 'once');
  watches.children.add('/a', 'w', 'once');
  watches.children.add('/a', 'v', 'once');
  expect(heard(watches, 'NodeDeleted', '/a')).toEqual(['v', 'w']);
  expect(heard(watches, 'NodeDeleted', '/a')).toEqual([]);
});

test('of a connection that is gone nothing is kept', () => {
  const watches = new Watches<string>();
  for (const path of ['/a', '/b']) watches.data.add(path, 'w', 'once');
  watches.add('/c', 'w', AddWatchMode.persistentRecursive);
  watches.removeWatcher('w');
  expect(watches.data.counts).toEqual({ watchers: 0, paths: 0, watches: 0 });
  expect(heard(watches, 'NodeCreated', '/c/d')).toEqual([]);
});
