import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Of both halves. A thousand requests under way, and what they become, live in one of them. */
const BYTES_MAX = 8 * 1024 * 1024;
/** What the start needs for a moment is not kept; and the nursery is made smaller again when nothing happens for long. */
const LOOK_EVERY_MS = 1_000;

/**
 * Lets the heap's nursery grow to what requests need, and no further. By itself it grows with the machine's memory,
 * which is only kept; where it is too small, requests outlive it, and each is copied twice before it is done with.
 */
export function boundNursery(): void {
  // So little is alive in it that threads take longer to be woken than one takes to collect it.
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--semi-space-growth-factor=1');
  const collections = new PerformanceObserver(() => {
    if (bytes() < BYTES_MAX) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    collections.disconnect();
  });
  setInterval(() => {
    if (bytes() >= BYTES_MAX) return;
    setFlagsFromString('--semi-space-growth-factor=2');
    collections.observe({ entryTypes: ['gc'] });
  }, LOOK_EVERY_MS).unref();
}

function bytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? BYTES_MAX;
}
