import { describeControlPlane } from '@biquorum/control-plane/testing';
import { describe, it } from 'vitest';
import { referenceOf } from './support/reference-subject.ts';

for (const seed of [1, 2, 3, 4, 5, 6]) {
  describeControlPlane({ describe, test: it }, referenceOf(seed, [0, 1, 20][seed % 3] ?? 0));
}
