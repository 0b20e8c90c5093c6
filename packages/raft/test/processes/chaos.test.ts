import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runChaos } from './chaos.ts';

// Longer, or otherwise disturbed, when asked to: CHAOS_SECONDS=180 CHAOS_SEED=2 vitest run packages/raft/test/processes
const seconds = Number(process.env['CHAOS_SECONDS'] ?? 8);

test(
  'three processes that are killed and paused at random stay linearizable and lose nothing',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'biquorum-chaos-'));
    const seed = Number(process.env['CHAOS_SEED'] ?? 1);
    try {
      const result = await runChaos(directory, seconds * 1000, seed);
      console.log(`seed ${seed}: ${result.answered} answered, ${result.kills} kills, ${result.pauses} pauses`);
      expect(result.verdict, `seed ${seed}`).toEqual({ kind: 'linearizable' });
      expect(result.answered).toBeGreaterThan(20);
      expect(result.kills).toBeGreaterThan(1);
      expect(result.pauses).toBeGreaterThan(0);
      expect(result.finalReads).toBe(12);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  seconds * 1000 + 120_000,
);
