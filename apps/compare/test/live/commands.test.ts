import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeOf, readCommand } from '../../src/live/commands.ts';
import type { LiveCluster, LiveNode, LivePartition } from '../../src/live/protocol.ts';

describe('a command of the page', () => {
  test.each([
    { action: 'kill', modes: ['kraft', 'zookeeper'], target: { kind: 'controller' } },
    { action: 'pause', modes: ['zookeeper'], target: { kind: 'quorum-leader' } },
    { action: 'cut', modes: ['kraft'], target: { kind: 'partition-leader', partition: 2 } },
    { action: 'restore', modes: ['kraft'], target: { kind: 'broker', id: 3 } },
    { action: 'kill', modes: ['kraft'], target: { kind: 'voter', index: 0 } },
    { action: 'heal', modes: ['kraft', 'zookeeper'] },
  ])('is read as it was said: $action', (command) => {
    expect(readCommand(JSON.stringify(command))).toEqual(command);
  });

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '{"action":"kill","modes":["kraft"]}',
    '{"action":"kill","modes":[],"target":{"kind":"controller"}}',
    '{"action":"kill","modes":["raft"],"target":{"kind":"controller"}}',
    '{"action":"kill","modes":["kraft","kraft"],"target":{"kind":"controller"}}',
    '{"action":"explode","modes":["kraft"],"target":{"kind":"controller"}}',
    '{"action":"kill","modes":["kraft"],"target":{"kind":"broker","id":-1}}',
    '{"action":"kill","modes":["kraft"],"target":{"kind":"broker","id":"1"}}',
    '{"action":"kill","modes":["kraft"],"target":{"kind":"voter","index":0.5}}',
  ])('is refused where it makes no sense: %s', (text) => {
    expect(readCommand(text)).toBeUndefined();
  });

  test('never brings the reader down', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        readCommand(text);
      }),
    );
  });
});

describe('whom a target means', () => {
  const voter = (id: number) => ({ id, role: 'controller' }) as LiveNode;
  const broker = (id: number) => ({ id, role: 'broker' }) as LiveNode;
  const cluster = {
    nodes: [voter(101), voter(102), broker(1), broker(2)],
    partitions: [
      { topic: 'a', partition: 0, leader: 1 },
      { topic: 'a', partition: 2, leader: 1 },
      { topic: 'b', partition: 0, leader: 2 },
      { topic: 'b', partition: 1, leader: -1 },
    ] as LivePartition[],
    government: { controller: { id: 102, epoch: 4 }, quorumLeader: null, voters: 2, votersUp: 2, majority: 2 },
  } as Partial<LiveCluster> as LiveCluster;

  test('depends on how the cluster stands', () => {
    expect(nodeOf(cluster, { kind: 'controller' }, 'b')).toBe(102);
    expect(nodeOf(cluster, { kind: 'partition-leader', partition: 0 }, 'b')).toBe(2);
    expect(nodeOf(cluster, { kind: 'broker', id: 1 }, 'b')).toBe(1);
    expect(nodeOf(cluster, { kind: 'voter', index: 1 }, 'b')).toBe(102);
  });

  test('is nobody where there is none, and that is said', () => {
    expect(nodeOf(cluster, { kind: 'quorum-leader' }, 'b')).toEqual({ refused: 'the quorum has no leader' });
    expect(nodeOf(cluster, { kind: 'partition-leader', partition: 1 }, 'b')).toEqual({
      refused: 'b-1 has no leader',
    });
    expect(nodeOf(cluster, { kind: 'partition-leader', partition: 2 }, 'b')).toEqual({
      refused: 'b-2 has no leader',
    });
    expect(nodeOf(cluster, { kind: 'broker', id: 101 }, 'b')).toEqual({ refused: 'there is no broker 101' });
    expect(nodeOf(cluster, { kind: 'voter', index: 2 }, 'b')).toEqual({ refused: 'there is no voter 3' });
  });
});
