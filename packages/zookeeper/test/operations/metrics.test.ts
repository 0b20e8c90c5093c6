import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COUNTERS, PERCENTILES, SUMMARIES } from '../../src/metrics/metric-names.ts';
import { MemoryEnsemble } from '../quorum/memory-ensemble.ts';

const sources = join(import.meta.dirname, '../../src');

test('every metric that is exported is fed somewhere', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  const text = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('metric-names.ts'))
    .map((file) => readFileSync(join(sources, file), 'utf8'))
    .join('\n');
  const unfed = [...COUNTERS, ...SUMMARIES, ...PERCENTILES].filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  expect(unfed).toEqual([]);
});

test('a member of an ensemble counts its elections, and measures how long it served nobody', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start();
  const id = ensemble.idOf(await ensemble.untilServing());
  ensemble.kill(id);
  const leader = await ensemble.untilServing();
  const [follower] = ensemble.nodes.filter((node) => node !== leader);
  for (const node of [leader, follower]) {
    const { counters, summaries } = node?.server.stats.metrics ?? expect.fail('two servers run');
    expect([counters.looking_count.value, summaries.election_time.count]).toEqual([2, 2]);
    expect(summaries.unavailable_time.count).toBe(2);
    expect(summaries.leader_unavailable_time.count).toBe(node === leader ? 1 : 0);
    expect(summaries.unavailable_time.max).toBeGreaterThanOrEqual(summaries.election_time.max);
    expect(summaries.dbinittime.count).toBe(1);
  }
});
