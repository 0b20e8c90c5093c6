import { partitionOfGroup } from '@biquorum/coordinators';
import { expect, test } from 'vitest';

test('a group falls on the partition that Java computes from its hash', () => {
  // "Aa".hashCode() = 2112, "hello".hashCode() = 99162322, "polygenelubricants".hashCode() = Integer.MIN_VALUE.
  expect(partitionOfGroup('Aa', 50)).toBe(2112 % 50);
  expect(partitionOfGroup('hello', 50)).toBe(99162322 % 50);
  expect(partitionOfGroup('polygenelubricants', 50)).toBe(0);
  expect(partitionOfGroup('', 50)).toBe(0);
});
