import { simulate } from '@biquorum/simulator';
import { zab } from '@biquorum/zab';
import { expect, test } from 'vitest';

const kind = zab({
  tickMs: 40,
  initLimit: 5,
  syncLimit: 4,
  finalizeWaitMs: 20,
  notificationMinMs: 20,
  notificationMaxMs: 160,
  observerElectionDelayMs: 20,
  connectRetryMs: 10,
  counterMax: 60,
  commitLogCount: 10,
  historyBytesMax: 300,
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

test('forty clusters under faults keep every promise and make progress once healed', async () => {
  let answered = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const result = await simulate({ kind, seed });
    expect(result.violation, `seed ${seed}`).toBeNull();
    answered += result.answered;
  }
  expect(answered).toBeGreaterThan(2000);
}, 120_000);
