import { raft } from '@biquorum/raft';
import { drawFamilies, FAMILIES, simulate } from '@biquorum/simulator';
import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';

const kind = raft({
  electionTimeoutMs: 150,
  fetchTimeoutMs: 200,
  electionBackoffMaxMs: 300,
  requestTimeoutMs: 120,
  fetchWaitMs: 60,
  fetchBytesMax: 600,
  snapshotChunkBytesMax: 48,
  uncommittedBytesMax: 4000,
  entryBytesMax: 1000,
});

test('the same seed gives the same run, event for event', async () => {
  const [first, second] = [await simulate({ kind, seed: 4711 }), await simulate({ kind, seed: 4711 })];
  expect(second.traceHash).toBe(first.traceHash);
  expect(second.events).toBe(first.events);
  expect((await simulate({ kind, seed: 4712 })).traceHash).not.toBe(first.traceHash);
});

test('fifty clusters under faults keep every promise and make progress once healed', async () => {
  let answered = 0;
  for (let seed = 1; seed <= 50; seed++) {
    const result = await simulate({ kind, seed });
    expect(result.violation, `seed ${seed}`).toBeNull();
    answered += result.answered;
  }
  expect(answered).toBeGreaterThan(2500);
}, 60_000);

test('each family of faults is drawn by about half of the seeds', () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 400; seed++) {
    for (const family of drawFamilies(new Prng(seed).fork('families')))
      counts.set(family, (counts.get(family) ?? 0) + 1);
  }
  expect(counts.size).toBe(FAMILIES.length);
  for (const count of counts.values()) expect(count).toBeGreaterThan(140);
});
