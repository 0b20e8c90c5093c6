import { engineConformance } from '@biquorum/consensus/testing';
import { zab } from '@biquorum/zab';
import { test } from 'vitest';

// Shorter ticks than ZooKeeper's: the kit waits at most a minute of its virtual time for anything.
for (const { title, run } of engineConformance(zab({ tickMs: 200 }))) test(title, run);
for (const { title, run } of engineConformance(zab({ tickMs: 200, forceSnapshotSync: true }))) {
  test(`${title} (every learner gets a snapshot)`, run);
}
