import {
  collidingTopic,
  type NodeId,
  validateAssignment,
  validateCounts,
  validateReplicas,
  validateTopicName,
} from '@biquorum/metadata';
import { describe, expect, test } from 'vitest';

const known = (id: NodeId): boolean => id >= 1 && id <= 3;
const assignment = (rows: Record<number, number[]>): Map<number, NodeId[]> =>
  new Map(Object.entries(rows).map(([partition, replicas]) => [Number(partition), replicas as NodeId[]]));

describe('a topic name', () => {
  // The cases of Java's TopicTest.
  test.each(['valid', 'TOPIC', 'nAmEs', 'ar6', 'VaL1d', '_0-9_.', '...', 'a'.repeat(249)])('may be "%s"', (name) => {
    expect(validateTopicName(name)).toBeNull();
  });

  test.each(['', 'foo bar', '..', 'foo:bar', 'foo=bar', '.', 'a'.repeat(250), 'ä'])('may not be "%s"', (name) => {
    expect(validateTopicName(name)?.error).toBe('INVALID_TOPIC_EXCEPTION');
  });

  test('collides with one that differs only in "." and "_"', () => {
    expect(collidingTopic('a.b', ['x', 'a_b'])).toBe('a_b');
    expect(collidingTopic('a_b', ['a.b'])).toBe('a.b');
    expect(collidingTopic('a.b', ['a.b', 'ab'])).toBeUndefined();
  });
});

test('counts must be positive, and there must be brokers for the replicas', () => {
  expect(validateCounts(1, 3, 3)).toBeNull();
  expect(validateCounts(0, 1, 3)?.error).toBe('INVALID_PARTITIONS');
  expect(validateCounts(-2, 1, 3)?.error).toBe('INVALID_PARTITIONS');
  expect(validateCounts(1, 0, 3)?.error).toBe('INVALID_REPLICATION_FACTOR');
  expect(validateCounts(1, 4, 3)?.message).toMatch(/4 is larger than the 3 usable brokers/);
});

test('an assignment numbers its partitions without gaps and gives each the same number of known brokers', () => {
  expect(validateAssignment(assignment({ 0: [1, 2], 1: [2, 3] }), known)).toBeNull();
  expect(validateAssignment(assignment({ 3: [1], 4: [2] }), known, 3)).toBeNull();
  expect(validateAssignment(assignment({}), known)?.error).toBe('INVALID_REPLICA_ASSIGNMENT');
  expect(validateAssignment(assignment({ 0: [1], 2: [2] }), known)?.message).toMatch(/partition 1 is missing/);
  expect(validateAssignment(assignment({ 0: [1], 1: [2, 3] }), known)?.message).toMatch(/same number/);
  expect(validateAssignment(assignment({ 0: [1, 1] }), known)?.message).toMatch(/broker 1 stands in it twice/);
  expect(validateReplicas([9] as NodeId[], known)?.message).toMatch(/broker 9 is not registered/);
  expect(validateReplicas([], known)?.error).toBe('INVALID_REPLICA_ASSIGNMENT');
});
