import {
  createRequest,
  createTtlRequest,
  OPEN_ACL,
  pathVersionRequest,
  pathWatchRequest,
} from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { CONTAINER_CLEANING, StandaloneServer } from '../../src/index.ts';
import { RawClient } from './raw-client.ts';

class Time {
  nowMs = 1_000;
  wallMs = (): number => this.nowMs;
  monotonicMs = (): number => this.nowMs;
}

function start(over: Partial<typeof CONTAINER_CLEANING> = {}): {
  alone: StandaloneServer;
  client: RawClient;
  later: (millis: number) => void;
} {
  const time = new Time();
  const containers = { ...CONTAINER_CLEANING, ...over };
  const alone = new StandaloneServer({ clock: time, extendedTypes: true, containers, maxSessionTimeoutMs: 9e9 });
  const client = new RawClient(alone.server);
  client.connect({ timeoutMs: 0x7fff_ffff });
  const later = (millis: number): void => {
    time.nowMs += millis;
    alone.tick();
  };
  return { alone, client, later };
}

const container = (path: string) => ({ path, data: null, acl: OPEN_ACL, flags: 4 });
const plain = (path: string) => ({ path, data: null, acl: OPEN_ACL, flags: 0 });

test('a container goes when its last child is gone and it is looked for, not before it ever had one', () => {
  const { alone, client, later } = start();
  client.send(1, 'createContainer', createRequest, container('/used'));
  client.send(2, 'createContainer', createRequest, container('/fresh'));
  client.send(3, 'create', createRequest, plain('/used/child'));
  later(60_000);
  expect(alone.server.tree.has('/used')).toBe(true);
  client.send(4, 'delete', pathVersionRequest, { path: '/used/child', version: -1 });
  client.send(5, 'exists', pathWatchRequest, { path: '/used', watch: true });
  client.read();
  later(30_000);
  expect(alone.server.tree.has('/used')).toBe(true);
  later(30_000);
  expect(client.read()).toEqual(['NodeDeleted /used']);
  later(600_000);
  expect(alone.server.tree.has('/fresh')).toBe(true);
});

test('a container that never had a child goes after maxNeverUsedIntervalMs', () => {
  const { alone, client, later } = start({ maxNeverUsedIntervalMs: 100_000 });
  client.send(1, 'createContainer', createRequest, container('/fresh'));
  later(60_000);
  expect(alone.server.tree.has('/fresh')).toBe(true);
  later(60_000);
  expect(alone.server.tree.has('/fresh')).toBe(false);
});

test('a node with a time to live goes when it has had no children and no change for so long', () => {
  const { alone, client, later } = start({ checkIntervalMs: 1_000 });
  client.send(1, 'createTTL', createTtlRequest, { ...plain('/ttl'), flags: 5, ttlMs: 5_000 });
  client.send(2, 'create', createRequest, plain('/ttl/child'));
  later(6_000);
  expect(alone.server.tree.has('/ttl')).toBe(true);
  client.send(3, 'delete', pathVersionRequest, { path: '/ttl/child', version: -1 });
  later(1_000);
  expect(alone.server.tree.has('/ttl')).toBe(false);
});

test('maxPerMinute spreads deletions over time', () => {
  const { alone, client, later } = start({ checkIntervalMs: 1_000, maxPerMinute: 60 });
  for (let count = 0; count < 5; count++) {
    client.send(1, 'createTTL', createTtlRequest, { ...plain(`/t${count}`), flags: 5, ttlMs: 1 });
  }
  const left = (): number => alone.server.tree.ttls.size;
  later(1_000);
  expect(left()).toBe(4);
  later(1_000);
  later(2_000);
  expect(left()).toBe(1);
  later(1_000);
  expect(left()).toBe(0);
});
