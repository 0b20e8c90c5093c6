import { describeControlPlane } from '@biquorum/control-plane/testing';
import { describe, it } from 'vitest';
import { zooKeeperOf } from './support/zookeeper-subject.ts';

for (const seed of [1, 2]) {
  describeControlPlane({ describe, test: (title, body) => it(title, body, 60_000) }, zooKeeperOf(seed));
}
