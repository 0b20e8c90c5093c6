import { describe, expect, it } from 'vitest';
import { biquorumSide, compare, type ReportSection, type Scenario, scenarios } from '../src/index.ts';

const LIMIT_MS = 600_000;
/** Its phases are told by the wall clock, and all of it is timed by a monotonic one. */
const CLOCKS_MS = 250;

/** Runs one scenario once in each mode. @throws when a run does not come to its end */
async function run(name: string): Promise<{ readonly zookeeper: Read; readonly kraft: Read }> {
  const report = await compare({
    scenarios: [scenarios.find((one) => one.name === name) as Scenario],
    sides: [biquorumSide('zookeeper'), biquorumSide('kraft')],
    preset: 'equal',
    runs: 1,
    seed: 1,
    extent: { sizes: [], steadyMs: 200, topics: 4, lossMs: 200 },
    version: 'test',
  });
  const section = report.sections[0] as ReportSection;
  expect(section.failures).toEqual([]);
  const read =
    (side: number): Read =>
    (id) => {
      const row = section.rows.find((one) => one.id === id);
      expect(row, `${name} has a row ${id}`).toBeDefined();
      return row?.cells[side]?.values ?? [];
    };
  return { zookeeper: read(0), kraft: read(1) };
}

/** What was measured in one row. */
type Read = (id: string) => readonly number[];

/** The one value of a row. */
function only(read: Read, id: string): number {
  const values = read(id);
  expect(values, id).toHaveLength(1);
  return values[0] as number;
}

describe('a scenario that is compared', () => {
  it(
    'shows that with one of three brokers down ZooKeeper mode refuses topics of three replicas, and KRaft mode makes them',
    async () => {
      const { zookeeper, kraft } = await run('rolling-3');
      expect(only(zookeeper, 'refused-down')).toBeGreaterThan(0);
      expect(only(kraft, 'refused-down')).toBe(0);
      expect(only(kraft, 'down')).toBeGreaterThan(0);
      for (const read of [zookeeper, kraft]) {
        expect(read('stopped')).toHaveLength(3);
        expect(read('started')).toHaveLength(3);
        expect(only(read, 'refused')).toBeGreaterThanOrEqual(only(read, 'refused-down'));
        // Before the first broker stops, and after the last is back.
        expect(only(read, 'made')).toBeGreaterThanOrEqual(2 + only(read, 'down'));
        expect(only(read, 'lost')).toBe(0);
      }
    },
    LIMIT_MS,
  );

  it(
    'shows how another controller takes the place of one that is killed, phase by phase, and that no record is lost',
    async () => {
      const { zookeeper, kraft } = await run('controller-kill');
      for (const read of [zookeeper, kraft]) {
        const phases = ['detection', 'election', 'load', 'publish'].map((id) => only(read, id));
        for (const ms of phases) expect(ms).toBeGreaterThanOrEqual(0);
        const shown = phases.reduce((sum, ms) => sum + ms);
        // Every broker shows the topic at the earliest when it is made, and only then are all phases over.
        expect(shown).toBeGreaterThanOrEqual(only(read, 'usable') - CLOCKS_MS);
        expect(shown).toBeLessThanOrEqual(only(read, 'window') * 1_000 + CLOCKS_MS);
        expect(only(read, 'epochs')).toBeGreaterThanOrEqual(1);
        expect(only(read, 'lost')).toBe(0);
        for (const id of ['messages', 'bytes', 'syncs']) expect(only(read, id)).toBeGreaterThan(0);
      }
      // Connections of the dead one break at once; that it is dead is known when it has been silent for 3 s, but for what
      // lies between a heartbeat and the death.
      expect(only(zookeeper, 'detection')).toBeGreaterThan(1_000);
      expect(only(kraft, 'detection')).toBeGreaterThan(1_000);
      // The brokers' sessions are not touched in KRaft mode: their controller is no broker.
      expect(only(zookeeper, 'producers-hit')).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it.each(['steady', 'topic-storm', 'broker-join'])(
    'comes to its end in both modes with a figure in every row: %s',
    async (name) => {
      const reads = await run(name);
      const [{ rows }] = [scenarios.find((one) => one.name === name) as Scenario];
      for (const read of [reads.zookeeper, reads.kraft]) {
        for (const { id } of rows({ sizes: [], steadyMs: 200, topics: 4, lossMs: 200 })) {
          // Nobody has to stand still.
          if (id === 'producers' || id === 'consumers') continue;
          // Only Linux tells it.
          if (process.platform !== 'linux' && (id === 'processor' || id === 'memory')) continue;
          for (const value of read(id)) expect(value, id).toBeGreaterThanOrEqual(0);
          expect(read(id).length, id).toBeGreaterThan(0);
        }
      }
    },
    LIMIT_MS,
  );
});
