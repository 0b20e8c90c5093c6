import { describeControlPlane } from '@biquorum/control-plane/testing';
import { describe, it } from 'vitest';
import { zooKeeperOf } from './support/zookeeper-subject.ts';

for (const [seed, servers] of [
  [1, 1],
  [2, 3],
] as const) {
  describeControlPlane({ describe, test: (title, body) => it(title, body, 90_000) }, zooKeeperOf(seed, servers));
}
