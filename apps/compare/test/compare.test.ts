import { describe, expect, it } from 'vitest';
import { biquorumSide, compare, type ReportSection, scenarios } from '../src/index.ts';

const LIMIT_MS = 600_000;

describe('a comparison of both modes', () => {
  it(
    'runs two scenarios on clusters of real processes and has figures of both in one report',
    async () => {
      const report = await compare({
        scenarios: scenarios.filter(({ name }) => name === 'start-up' || name === 'metadata-skew'),
        sides: [biquorumSide('zookeeper'), biquorumSide('kraft')],
        preset: 'kafka',
        runs: 1,
        seed: 1,
        extent: { sizes: [], steadyMs: 100, topics: 3, lossMs: 100 },
        version: 'test',
      });
      const [startUp, skew] = report.sections;
      expect(report.sections.flatMap(({ failures }) => failures)).toEqual([]);
      expect(report.sides.map(({ name }) => name)).toEqual(['zookeeper', 'kraft']);
      for (const side of [0, 1]) {
        const [serving = 0] = valuesOf(startUp, 'serving', side);
        const [record = 0] = valuesOf(startUp, 'record', side);
        expect(serving).toBeGreaterThan(0);
        expect(record).toBeGreaterThanOrEqual(serving);
        for (const id of ['messages', 'bytes', 'syncs']) expect(valuesOf(startUp, id, side)[0]).toBeGreaterThan(0);
        const [first, last] = ['first', 'last'].map((id) => valuesOf(skew, id, side));
        expect(first).toHaveLength(3);
        for (const [index, ms] of (first ?? []).entries()) expect(last?.[index]).toBeGreaterThanOrEqual(ms);
      }
    },
    LIMIT_MS,
  );
});

function valuesOf(section: ReportSection | undefined, id: string, side: number): readonly number[] {
  return section?.rows.find((row) => row.id === id)?.cells[side]?.values ?? [];
}
